// npm run bench: builds, then runs the benchmarks (bench/main.ts). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { debianPrograms } from './debian-programs.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
debianPrograms();
const { status } = spawnSync('npx', ['tsx', 'bench/main.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
