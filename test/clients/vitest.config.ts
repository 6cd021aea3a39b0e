import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const here = new URL('.', import.meta.url);
const { resolve } = createRequire(import.meta.url);

/** The first package that a file imports and that could not be installed. */
function missingPackage(file: string): string | undefined {
  const imported = [...readFileSync(new URL(file, here), 'utf8').matchAll(/from '((?:@[\w-]+\/)?[\w-]+)[^']*'/g)].map(
    (match) => match[1] ?? '',
  );
  return imported.find((name) => name !== 'node' && name !== 'vitest' && !isInstalled(name));
}

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'MODULE_NOT_FOUND';
  }
}

const exclude: string[] = [];
for (const file of readdirSync(here).filter((name) => name.endsWith('.client.ts'))) {
  const missing = missingPackage(file);
  if (missing === undefined) continue;
  console.warn(`Skipped: ${file}, as the package ${missing} can't be had here`);
  exclude.push(`test/clients/${file}`);
}

export default defineConfig({
  test: {
    include: ['test/clients/*.client.ts'],
    exclude,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // MikroORM imports from node:fs what only Node 22 has; transformed, it is only missed when it is called.
    server: { deps: { inline: [/@mikro-orm/] } },
  },
});
