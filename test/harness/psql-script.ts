import { spawnSync } from 'node:child_process';

/** What psql prints for a script, with each statement echoed before its results; errors stand where they happened. */
export function runPsqlScript(environment: NodeJS.ProcessEnv, script: string): string {
  const { stdout, error } = spawnSync('/bin/sh', ['-c', 'psql -X -q -A -a 2>&1'], {
    env: { ...environment, PGOPTIONS: '', LC_ALL: 'C.UTF-8' },
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  // Which port it was is another each time.
  return stdout.replaceAll(/(connection to server at "127\.0\.0\.1"), port \d+/g, '$1');
}
