// The clients of Debian that test/clients/debian has programs of, and their packages. Installs what is missing: node scripts/debian-clients.mjs
// With --missing it only prints, as JSON, the packages that each client lacks.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CLIENTS = {
  psycopg: ['python3-psycopg', 'python3-psycopg-pool'],
  psycopg2: ['python3-psycopg2'],
  sqlalchemy: ['python3-sqlalchemy', 'python3-psycopg2', 'python3-asyncpg', 'python3-greenlet'],
  alembic: ['alembic', 'python3-psycopg2'],
  django: ['python3-django', 'python3-psycopg2'],
  asyncpg: ['python3-asyncpg'],
  peewee: ['python3-peewee', 'python3-psycopg2'],
  jdbc: ['libpostgresql-jdbc-java', 'openjdk-17-jdk-headless'],
  pgx: ['golang-go', 'golang-github-jackc-pgx-v4-dev'],
  'lib-pq': ['golang-go', 'golang-github-lib-pq-dev'],
  libpq: ['libpq-dev', 'gcc', 'libc6-dev'],
  perl: ['libdbd-pg-perl'],
  ruby: ['ruby', 'ruby-pg', 'ruby-activerecord'],
  php: ['php-cli', 'php-pgsql', 'php-doctrine-dbal'],
  browser: ['chromium', 'fonts-dejavu-core'],
};

function missingPackages() {
  const packages = [...new Set(Object.values(CLIENTS).flat())];
  const { stdout } = spawnSync('dpkg-query', ['-l', ...packages], { encoding: 'utf8' });
  const lines = (stdout ?? '').split('\n').filter((line) => line.startsWith('ii '));
  const installed = new Set(lines.map((line) => line.split(/[\s:]+/)[1]));
  return packages.filter((name) => !installed.has(name));
}

/** A registry that does not answer must not keep the tests waiting. */
const PATIENCE_MS = 300_000;

/** Installs what is missing where this process may; the programs of clients that stay away are skipped. */
export function installDebianClients() {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.error(`Installing ${missing.join(', ')} …`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: PATIENCE_MS,
  };
  const apt = (...args) => spawnSync('apt-get', ['-qq', '-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=20', ...args], options);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
}

/** Programs of what is not there are skipped: says so, and how to have them. */
export function tellOfDebianClients() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.error(`Not installed, so not run: ${missing.join(', ')} (node scripts/debian-clients.mjs installs them, as root)`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--missing')) {
    const missing = new Set(missingPackages());
    const lacks = Object.entries(CLIENTS).map(([client, packages]) => [client, packages.filter((name) => missing.has(name))]);
    console.log(JSON.stringify(Object.fromEntries(lacks)));
  } else installDebianClients();
}
