interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}
export function platformOf(name: string): { cpu?: string[]; libc?: string[]; os?: string[] };
export function missingEntries(lock: Lock): { name: string; version: string; by: string }[];
export function complete(lock: Lock): { lock: Lock; added: string[] };
