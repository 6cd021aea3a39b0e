import type { HbaClient, HbaRule } from './hba-rule.js';
import type { HbaToken } from './hba-tokens.js';

/** Whether a role is another's member, in whatever way; superusers are not members of all. */
export type IsMember = (role: string, of: string) => boolean;

/** The first rule that fits. */
export function matchHba(rules: readonly HbaRule[], client: HbaClient, isMember: IsMember): HbaRule | undefined {
  return rules.find(
    (rule) =>
      matchesType(rule, client) &&
      rule.databases.some((token) => matchesDatabase(token, client, isMember)) &&
      rule.users.some((token) => matchesUser(token, client.user, isMember)),
  );
}

function matchesType({ type, address }: HbaRule, client: HbaClient): boolean {
  if (type === 'local' || client.isLocal) return type === 'local' && client.isLocal;
  if (type === 'hostgssenc' || (type === 'hostssl' && !client.isTls) || (type === 'hostnossl' && client.isTls)) return false;
  return client.address !== undefined && address?.matches(client.address) === true;
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
