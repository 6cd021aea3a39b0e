import type { SqlValue } from '../../types/value.js';
import { Access } from './access.js';
import type { VirtualScan } from './scan.js';

/** Whether the reader may see what a session does, by its pid. */
export function sessionsSeen(scan: VirtualScan): (pid: SqlValue | undefined) => boolean {
  const access = new Access(scan);
  const owners = new Map(Array.from(scan.cx.sessionRows('backend_owners') ?? [], ([pid, owner, endUser]) => [pid, { owner, endUser }]));
  return (pid) => {
    const found = owners.get(pid ?? null);
    return access.maySeeSession(found?.owner, found?.endUser);
  };
}
