import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';

const PASSWORD = 'secret';
const ISSUER = 'https://id.example';
const AUDIENCE = 'shop';
const SECRET = new TextEncoder().encode('a secret that is shared with the issuer');

type Signer = (
  claims: JWTPayload,
  options?: { readonly expires?: string | number; readonly issuer?: string; readonly audience?: string },
) => Promise<string>;

async function issuer(kid: string): Promise<{ readonly jwk: object; readonly sign: Signer }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const sign: Signer = (claims, { expires = '5m', issuer = ISSUER, audience = AUDIENCE } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(privateKey);
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }, sign };
}

describe('a token as the password', () => {
  const directory = temporaryDirectory('jwt');
  let server: KalamServer;
  let keys: Server;
  let sign: Signer;
  let signRemotely: Signer;

  beforeAll(async () => {
    const local = await issuer('local');
    const remote = await issuer('remote');
    sign = local.sign;
    signRemotely = remote.sign;
    const shared = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), kid: 'shared' };
    writeFileSync(join(directory.path, 'keys.json'), JSON.stringify({ keys: [local.jwk, shared] }));
    keys = createHttpServer((_, response) => response.end(JSON.stringify({ keys: [remote.jwk] })));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
    const common = `issuer=${ISSUER} audience=${AUDIENCE}`;
    writeFileSync(
      join(directory.path, 'hba.conf'),
      `host all app      127.0.0.1/32 jwt ${common} jwks=keys.json as=user_id
host all web      127.0.0.1/32 jwt ${common} jwks=${url} as=user_id claim=email
host all kept     127.0.0.1/32 jwt ${common} jwks=keys.json as=user_id expiry=keep
host all boss     127.0.0.1/32 jwt ${common} jwks=keys.json as=user_id
host all postgres 127.0.0.1/32 scram-sha-256
host all admin    127.0.0.1/32 jwt ${common} jwks=keys.json
host all all      127.0.0.1/32 jwt ${common} jwks=keys.json
`,
    );
    server = await createServer({ host: '127.0.0.1', port: 0, data: directory.path, password: PASSWORD });
    const client = await open('postgres', PASSWORD);
    await client.query('CREATE ROLE app LOGIN; CREATE ROLE web LOGIN; CREATE ROLE kept LOGIN; CREATE ROLE ann LOGIN');
    await client.query(
      'CREATE ROLE boss LOGIN SUPERUSER; CREATE ROLE root LOGIN SUPERUSER; CREATE ROLE admin LOGIN SUPERUSER; GRANT kalamdb_service, kalamdb_admin TO web',
    );
    await client.query("CREATE TABLE notes (id int PRIMARY KEY, t text) WITH (type = 'user')");
    await client.query('GRANT ALL ON notes TO PUBLIC');
    await client.end();
  });
  afterAll(async () => {
    await server.close();
    keys.close();
    directory.remove();
  });

  async function open(user: string, password: string, options = ''): Promise<pg.Client> {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, password, database: 'postgres', options });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  it('names the end user, whose rows are all that the session sees', async () => {
    const rows: unknown[] = [];
    for (const sub of ['u1', 'u2', 'u1']) {
      const client = await open('app', await sign({ sub }));
      await client.query('INSERT INTO notes VALUES ($1, $2) ON CONFLICT DO NOTHING', [1, `of ${sub}`]);
      rows.push((await client.query('SELECT t, kalamdb.user_id() AS me, current_user AS role FROM notes')).rows);
      expect((await client.query('SHOW kalamdb.user_id')).rows).toEqual([{ 'kalamdb.user_id': sub }]);
      await client.end();
    }
    const seen = (sub: string) => [{ t: `of ${sub}`, me: sub, role: 'app' }];
    expect(rows).toEqual([seen('u1'), seen('u2'), seen('u1')]);
  });

  it('binds the session to that user, whatever its role may do', async () => {
    const client = await open('web', await signRemotely({ sub: 'x', email: 'w@example.com' }));
    expect((await client.query('SELECT kalamdb.user_id() AS me')).rows).toEqual([{ me: 'w@example.com' }]);
    await expect(client.query("SET kalamdb.user_id = 'u1'")).rejects.toMatchObject({ code: '42501' });
    await expect(client.query('SET kalamdb.all_users = on')).rejects.toMatchObject({ code: '42501' });
    expect((await client.query('SELECT * FROM notes')).rows).toEqual([]);
    await client.query("SET kalamdb.user_id = ''; SET ROLE kalamdb_admin");
    expect((await client.query('SELECT kalamdb.user_id() AS me')).rows).toEqual([{ me: 'w@example.com' }]);
    await client.query('RESET ALL; DISCARD ALL');
    expect((await client.query('SELECT kalamdb.user_id() AS me')).rows).toEqual([{ me: 'w@example.com' }]);
    await client.end();
    for (const setting of ['user_id=u1', 'all_users=on'])
      await expect(open('web', await signRemotely({ sub: 'x', email: 'w' }), `-c kalamdb.${setting}`)).rejects.toMatchObject({
        code: '42501',
      });
  });

  it('shows the user nothing of what others do who share the role', async () => {
    const [one, other, plain] = [
      await open('app', await sign({ sub: 'u1' })),
      await open('app', await sign({ sub: 'u2' })),
      await open('web', await signRemotely({ sub: 'x', email: 'boss' })),
    ];
    await other.query("CREATE TEMP TABLE mine (a text); INSERT INTO mine VALUES ('a secret of u2')");
    await other.query("DO $$ BEGIN PERFORM 'a secret of u2'; END $$");
    await other.query('LISTEN notes');
    const { rows } = await other.query("SELECT pg_backend_pid() AS pid, 'a secret of u2' AS text");
    const { pid } = rows[0];
    const admin = await open('postgres', PASSWORD);
    await admin.query('CREATE EXTENSION pg_stat_statements');
    for (const client of [one, plain]) {
      for (const relation of [
        'pg_stat_activity',
        'system.sessions',
        'system.live_queries',
        'system.audit_log',
        'pg_stat_ssl',
        'pg_stat_statements',
        'system.hba',
        'system.users',
      ]) {
        const seen = JSON.stringify((await client.query(`SELECT * FROM ${relation}`)).rows);
        expect([relation, /secret of u2|"u2"/.test(seen)]).toEqual([relation, false]);
      }
      await expect(client.query('SELECT pg_cancel_backend($1)', [pid])).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('SELECT pg_terminate_backend($1)', [pid])).rejects.toMatchObject({ code: '42501' });
      await expect(client.query("COMMIT PREPARED 'theirs'")).rejects.toMatchObject({ code: '42501' });
    }
    // The user sees the user's own sessions, and an administrator all.
    const own = await open('app', await sign({ sub: 'u2' }));
    expect((await own.query('SELECT query FROM pg_stat_activity WHERE pid = $1', [pid])).rows[0].query).toContain('secret of u2');
    expect((await own.query('SELECT statement FROM system.sessions WHERE pid = $1', [pid])).rows[0].statement).toContain('secret of u2');
    expect((await own.query('SELECT pg_cancel_backend($1) AS done', [pid])).rows).toEqual([{ done: true }]);
    expect((await admin.query('SELECT query FROM pg_stat_activity WHERE pid = $1', [pid])).rows[0].query).toContain('secret of u2');
    const texts = await admin.query("SELECT query FROM pg_stat_statements WHERE userid = 'app'::regrole");
    expect(JSON.stringify(texts.rows)).not.toContain('secret of u2');
    for (const client of [one, other, plain, own, admin]) await client.end();
  });

  it("lets that user listen to the user's rows", async () => {
    const client = await open('app', await sign({ sub: 'u9' }));
    const heard = new Promise<pg.Notification>((resolve) => client.once('notification', resolve));
    await client.query('LISTEN notes');
    await client.query("INSERT INTO notes VALUES (9, 'new')");
    expect(JSON.parse((await heard).payload ?? '')).toMatchObject({ op: 'insert', row: { id: 9, t: 'new' } });
    await client.end();
  });

  it('may name the role instead, which must be the one that logs in', async () => {
    const client = await open('ann', await sign({ sub: 'ann' }));
    expect((await client.query('SELECT current_user AS me, kalamdb.user_id() AS user_id')).rows).toEqual([{ me: 'ann', user_id: 'ann' }]);
    await client.end();
    await expect(open('kept2', await sign({ sub: 'ann' }))).rejects.toMatchObject({ code: '28000' });
    await expect(open('app', await sign({ sub: 'u1' })).then((app) => app.end())).resolves.toBeUndefined();
  });

  it('makes nobody a superuser whom no rule names', async () => {
    await expect(open('root', await sign({ sub: 'root' }))).rejects.toMatchObject({ code: '28000' });
    await (await open('admin', await sign({ sub: 'admin' }))).end();
  });

  it('does not act through a superuser', async () => {
    await expect(open('boss', await sign({ sub: 'u1' }))).rejects.toMatchObject({ code: '28000' });
  });

  it.each<readonly [string, () => Promise<string> | string]>([
    ['of another issuer', () => sign({ sub: 'u1' }, { issuer: 'https://else.example' })],
    ['for another audience', () => sign({ sub: 'u1' }, { audience: 'bank' })],
    ['that has expired', () => sign({ sub: 'u1' }, { expires: Math.floor(Date.now() / 1000) - 60 })],
    ['signed by a key that is not known', async () => (await issuer('local')).sign({ sub: 'u1' })],
    ['that names nobody', () => sign({})],
    ['that names somebody by a number', () => sign({ sub: 7 as unknown as string })],
    ['that names somebody without end', () => sign({ sub: 'x'.repeat(256) })],
    ['that is not signed', () => new UnsecuredJWT({ sub: 'u1' }).setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime('5m').encode()],
    [
      'signed with a shared secret',
      () =>
        new SignJWT({ sub: 'u1' })
          .setProtectedHeader({ alg: 'HS256', kid: 'shared' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setExpirationTime('5m')
          .sign(SECRET),
    ],
    ['that is none', () => 'nonsense'],
    ['that is a password', () => PASSWORD],
  ])('refuses one %s', async (_, token) => {
    await expect(open('app', await token())).rejects.toMatchObject({
      code: '28000',
      message: 'JWT authentication failed for user "app"',
    });
  });

  it('ends its session when it expires, unless the rule keeps it', async () => {
    const expires = Math.floor(Date.now() / 1000) + 2;
    const client = await open('app', await sign({ sub: 'u1' }, { expires }));
    const kept = await open('kept', await sign({ sub: 'u1' }, { expires }));
    await expect(client.query('SELECT pg_sleep(10)')).rejects.toMatchObject({
      code: '28000',
      message: 'terminating connection because its token has expired',
    });
    expect((await kept.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await kept.end();
  });
});
