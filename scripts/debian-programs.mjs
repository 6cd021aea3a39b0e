// The programs of Debian that tests run: psql and pgbench as clients, PostgreSQL 15 as the oracle.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PROGRAMS = [
  { program: '/usr/bin/psql', package: 'postgresql-client-15' },
  { program: '/usr/lib/postgresql/15/bin/pgbench', package: 'postgresql-client-15', or: '/usr/bin/pgbench' },
  { program: '/usr/lib/postgresql/15/bin/postgres', package: 'postgresql-15' },
];

/** Installs what is missing when this process may; otherwise says which package it is and ends. */
export function debianPrograms() {
  const missing = PROGRAMS.filter(({ program, or }) => !existsSync(program) && !(or && existsSync(or)));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((entry) => entry.package))];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error(`Installing ${packages.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    const installed = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
    if (installed.status === 0 && missing.every(({ program, or }) => existsSync(program) || (or && existsSync(or)))) return;
  }
  console.error(`The tests run psql, pgbench and PostgreSQL itself: please install the Debian package ${packages.join(' and ')}.`);
  process.exit(1);
}
