// npm run test:clients: builds, installs the clients of test/clients and runs their scenarios. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from './build.mjs';
import { installDebianClients, tellOfDebianClients } from './debian-clients.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
if (npm('test/clients', 'install') !== 0) installWhatThereIs();
// Run in a browser.
npm('examples/chat-web', 'install');
// Packages of the whole machine are installed for who asks for it.
if (process.env.KALAMDB_INSTALL_CLIENTS === '1') installDebianClients();
tellOfDebianClients();
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/clients/vitest.config.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);

function npm(cwd, ...args) {
  const options = { cwd, stdio: ['ignore', 'ignore', 'inherit'] };
  return spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], options).status;
}

/** What a registry lacks only skips its scenarios: test/clients/vitest.config.ts says which. */
function installWhatThereIs() {
  const file = 'test/clients/package.json';
  const text = readFileSync(file, 'utf8');
  const wanted = JSON.parse(text);
  const there = Object.entries(wanted.dependencies).filter(
    ([name, version]) => npm('test/clients', 'view', `${name}@${version}`, 'version') === 0,
  );
  try {
    writeFileSync(file, JSON.stringify({ ...wanted, dependencies: Object.fromEntries(there) }));
    npm('test/clients', 'install', '--no-package-lock');
  } finally {
    writeFileSync(file, text);
  }
}
