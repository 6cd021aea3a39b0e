// npm run fuzz:live: builds, then keeps random live queries beside the same run afresh (test/live/run.ts). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
const { status } = spawnSync('npx', ['tsx', 'test/live/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
