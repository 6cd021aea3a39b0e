import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { HbaClient, HbaRule } from './hba-rule.js';
import type { HbaToken } from './hba-tokens.js';

/** Whether a role is another's member, in whatever way; superusers are not members of all. */
export type IsMember = (role: string, of: string) => boolean;

/** The first rule that fits. A promise only where a rule before it, or itself, names a host. */
export function matchHba(rules: readonly HbaRule[], client: HbaClient, isMember: IsMember, from = 0): MaybePromise<HbaRule | undefined> {
  for (let i = from; i < rules.length; i++) {
    const rule = rules[i];
    if (rule === undefined || !matchesType(rule, client) || !isFor(rule, client, isMember)) continue;
    const isFrom = matchesAddress(rule, client);
    if (isFrom === true) return rule;
    if (isFrom !== false) return isFrom.then((fits) => (fits ? rule : matchHba(rules, client, isMember, i + 1)));
  }
  return undefined;
}

function isFor({ databases, users }: HbaRule, client: HbaClient, isMember: IsMember): boolean {
  return (
    databases.some((token) => matchesDatabase(token, client, isMember)) && users.some((token) => matchesUser(token, client.user, isMember))
  );
}

function matchesType({ type }: HbaRule, client: HbaClient): boolean {
  if (type === 'local' || client.isLocal) return type === 'local' && client.isLocal;
  return !(type === 'hostgssenc' || (type === 'hostssl' && !client.isTls) || (type === 'hostnossl' && client.isTls));
}

function matchesAddress({ type, address }: HbaRule, client: HbaClient): MaybePromise<boolean> {
  if (type === 'local') return true;
  return client.address === undefined || address === undefined ? false : address.matches(client.address);
}

function matchesDatabase({ text, isQuoted }: HbaToken, { user, database, isReplication }: HbaClient, isMember: IsMember): boolean {
  if (isReplication) return !isQuoted && text === 'replication';
  if (!isQuoted) {
    switch (text) {
      case 'all':
        return true;
      case 'sameuser':
        return user === database;
      case 'samerole':
      case 'samegroup':
        return isMember(user, database);
      case 'replication':
        return false;
    }
  }
  return text === database;
}

function matchesUser({ text, isQuoted }: HbaToken, user: string, isMember: IsMember): boolean {
  if (!isQuoted && text === 'all') return true;
  if (!isQuoted && text.startsWith('+')) return isMember(user, text.slice(1));
  return text === user;
}
