// npm run test:clients: builds, installs the clients of test/clients and runs their scenarios. Arguments go to vitest.
import { execFileSync, spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
  cwd: 'test/clients',
  stdio: ['ignore', 'inherit', 'inherit'],
});
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/clients/vitest.config.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
