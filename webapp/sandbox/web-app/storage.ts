/** What must outlive a reload of the page, under the names of the host's own script. */
export function store(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`__telegram__${name}`, JSON.stringify(value));
  } catch {
    // Storage may be closed to a frame; then a reload starts from the address alone.
  }
}

export function readStored<T>(name: string): T | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(`__telegram__${name}`) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
