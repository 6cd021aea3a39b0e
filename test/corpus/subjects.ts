/** Objects that statements are asked about, as expressions of SQL: each server has its own oids for them. */
interface Subject {
  readonly schema: string;
  readonly name: string;
  readonly oid: string;
}

const relation = (schema: string, name: string): Subject => ({ schema, name, oid: `to_regclass('${schema}.${name}')::oid` });
const ofType = (schema: string, name: string): Subject => ({ schema, name, oid: `to_regtype('${schema}.${name}')::oid` });
const routine = (schema: string, name: string, types: string): Subject => ({
  schema,
  name,
  oid: `to_regprocedure('${schema}.${name}(${types})')::oid`,
});

/** In the clients' schema. The first is what a statement is asked about that is asked once. */
export const SUBJECTS: readonly Subject[] = [
  relation('app', 'users'),
  relation('app', 'posts'),
  relation('app', 'events'),
  relation('app', 'active_users'),
  relation('app', 'user_stats'),
  relation('app', 'users_lower_idx'),
  relation('app', 'custom_seq'),
  relation('app', 'post_tags'),
  relation('app', 'unlog'),
  relation('app', 'derived'),
  relation('app', 'events_2024'),
  relation('app', 'bookings'),
  ofType('app', 'mood'),
  ofType('app', 'addr'),
  ofType('app', 'email'),
  ofType('app', 'floatrange'),
  routine('app', 'add', 'int, int'),
  routine('app', 'many', 'int[]'),
  routine('app', 'touch', ''),
  routine('app', 'proc', 'int'),
  routine('app', 'mysum', 'int'),
  { schema: 'app', name: 'app', oid: `to_regnamespace('app')::oid` },
];

/** In the small schema. */
export const SIMPLE_SUBJECTS: readonly Subject[] = [
  relation('public', 'users'),
  relation('public', 'posts'),
  relation('public', 'post_tags'),
  relation('public', 'active_users'),
  relation('public', 'users_age'),
  relation('public', 's1'),
  ofType('public', 'mood'),
];
