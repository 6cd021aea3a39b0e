import { readFileSync } from 'node:fs';

/** Files that the server needs besides its clients' sockets: the store, its log, libraries, files of sorts. */
const OWN_FILES = 200;

/** What is wrong, in a sentence, where the process may not open as many files as it may have connections; undefined: nothing, or nobody knows. */
export function tooFewFiles(maxConnections: number, maxFiles: number | undefined = openFilesLimit()): string | undefined {
  const needed = maxConnections + OWN_FILES;
  if (maxFiles === undefined || maxFiles >= needed) return undefined;
  return `max_connections is ${maxConnections}, for which this process would have to open ${needed} files, and it may open ${maxFiles}: raise ulimit -n, or lower max_connections`;
}

/** Node.js has raised the soft limit to the hard one when it was started. */
function openFilesLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    // Only Linux has it.
    return undefined;
  }
}
