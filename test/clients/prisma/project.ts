import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runProgram, type StartedServer, urlOf, workFolder } from '../started.js';

const ENGINE = fileURLToPath(new URL('./schema-engine.mjs', import.meta.url));

/** Why Prisma can't be run here, if so. */
export function prismaIsMissing(): string | undefined {
  const require = createRequire(import.meta.url);
  for (const name of ['prisma/config', '@prisma/adapter-pg', '@prisma/schema-engine-wasm']) {
    try {
      require.resolve(name);
    } catch (error) {
      if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') return `the package ${name} can't be had`;
    }
  }
  return undefined;
}

/** A folder with a schema, a configuration and migrations, as `prisma init` leaves it. */
export class PrismaProject {
  readonly folder: string;
  readonly #server: StartedServer;
  readonly #options: string | undefined;

  constructor(label: string, server: StartedServer, schema = 'schema.prisma', options?: string) {
    this.folder = workFolder(label);
    this.#server = server;
    this.#options = options;
    copyFileSync(fileURLToPath(new URL(schema, import.meta.url)), `${this.folder}/schema.prisma`);
  }

  /** Only once the server runs: the configuration names its port. */
  configure(): void {
    const url = JSON.stringify(urlOf(this.#server, this.#options));
    writeFileSync(
      `${this.folder}/prisma.config.ts`,
      `export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: ${url} } };\n`,
    );
  }

  get schema(): string {
    return readFileSync(`${this.folder}/schema.prisma`, 'utf8');
  }

  change(from: string, to: string): void {
    writeFileSync(`${this.folder}/schema.prisma`, this.schema.replace(from, to));
  }

  run(...args: readonly string[]): Promise<string> {
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: ENGINE, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
    return runProgram(this.folder, env, 'prisma', ...args);
  }

  /** The generated client's module. */
  async client(): Promise<GeneratedClient> {
    return (await import(/* @vite-ignore */ `${this.folder}/client/client.ts`)) as GeneratedClient;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: its types are generated while the tests run.
export type PrismaClient = any;
export interface GeneratedClient {
  readonly PrismaClient: new (options: object) => PrismaClient;
  readonly Prisma: PrismaClient;
}
