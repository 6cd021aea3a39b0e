// npm run fuzz:wire: builds, then sends the server what no client should (test/fuzz/wire/run.ts). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
const { status } = spawnSync('npx', ['tsx', 'test/fuzz/wire/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
