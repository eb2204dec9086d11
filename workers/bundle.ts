import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { payloadConverterPath } from '../gateway/connection.ts';
import { workflowsPath } from './wiring.ts';

export interface WorkflowBundle {
  readonly code: string;
  /** The files that went into it, absolute. */
  readonly modules: readonly string[];
}

/** The part of webpack's configuration and compilation that is used here. */
interface Compiler {
  hooks: { done: { tap(name: string, use: (stats: { compilation: { modules: Iterable<object> } }) => void): void } };
}

/** The bundler narrates at length; only its complaints are of use. */
const quiet = new DefaultLogger('WARN');

/** Bundles all workflows for the sandbox; about a second. A worker that is started often gets the file instead. */
export async function buildWorkflowBundle(entry: string = workflowsPath): Promise<WorkflowBundle> {
  const modules: string[] = [];
  const recordModules = {
    apply(compiler: Compiler): void {
      compiler.hooks.done.tap('record-modules', ({ compilation }) => {
        for (const module of compilation.modules) modules.push(...resourcesOf(module));
      });
    },
  };
  const { code } = await bundleWorkflowCode({
    logger: quiet,
    workflowsPath: entry,
    payloadConverterPath,
    webpackConfigHook: (config) => ({ ...config, plugins: [...(config.plugins ?? []), recordModules] }),
  });
  return { code, modules: [...new Set(modules)].sort() };
}

/** Writes the bundle to a file, whole or not at all. */
export async function writeWorkflowBundle(path: string): Promise<void> {
  const { code } = await buildWorkflowBundle();
  const half = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(half, code);
  await rename(half, path);
}

/** A module of webpack is one file, or several that were joined. */
function resourcesOf(module: object): string[] {
  const joined = 'modules' in module && Array.isArray(module.modules) ? (module.modules as object[]) : [];
  const own = 'resource' in module && typeof module.resource === 'string' ? [module.resource] : [];
  return [...own, ...joined.flatMap(resourcesOf)];
}
