// npm start: installs and builds what is missing, then becomes the server. Arguments go to `kalamdb serve`.
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
try {
  install();
  build();
} catch (error) {
  console.error(`kalamdb could not be built: ${error.message}`);
  process.exit(1);
}

const given = process.argv.slice(2);
const args = given[0] === undefined || given[0].startsWith('-') ? ['serve', ...given] : given;
const server = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js', ...args], { stdio: 'inherit' });
// The terminal sends its signals to the whole group; a supervisor sends them to this process only.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => {
  if (signal !== null) process.exit(signal === 'SIGINT' ? 130 : 143);
  process.exit(code ?? 1);
});
