import knexLibrary, { type Knex } from 'knex';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { describe, expect, it } from 'vitest';
import { startedServer } from './started.js';

describe('query builders', () => {
  const server = startedServer('builders');

  it('Knex: migrations, schema, transactions', async () => {
    const knex = knexLibrary({ client: 'pg', connection: server.connection });
    const steps: Readonly<Record<string, { up(k: Knex): Promise<unknown>; down(k: Knex): Promise<unknown> }>> = {
      '001': {
        up: (k) =>
          k.schema.createTable('users', (t) => {
            t.increments();
            t.string('name', 100).notNullable().index();
            t.jsonb('data');
            t.timestamps(true, true);
            t.enu('mood', ['a', 'b'], { useNative: true, enumName: 'mood' });
            t.unique(['name']);
          }),
        down: (k) => k.schema.dropTable('users'),
      },
      '002': {
        async up(k) {
          await k.schema.createTable('posts', (t) => {
            t.bigIncrements();
            t.integer('user_id').references('users.id').onDelete('CASCADE');
            t.text('body');
          });
          await k.schema.alterTable('users', (t) => {
            t.string('email').defaultTo('none');
            t.renameColumn('data', 'info');
            t.text('name').notNullable().alter();
          });
        },
        down: (k) => k.schema.dropTable('posts'),
      },
    };
    const migrationSource = {
      getMigrations: async () => Object.keys(steps),
      getMigrationName: (name: string) => name,
      getMigration: async (name: string) => steps[name],
    } as Knex.MigrationSource<string>;
    expect((await knex.migrate.latest({ migrationSource }))[1]).toEqual(['001', '002']);
    expect(
      await knex('users')
        .insert([{ name: 'a', info: { x: 1 } }, { name: 'b' }])
        .returning('id'),
    ).toEqual([{ id: 1 }, { id: 2 }]);
    expect(Object.keys(await knex('users').columnInfo())).toEqual(['id', 'name', 'info', 'created_at', 'updated_at', 'mood', 'email']);
    await knex.transaction(async (trx) => {
      await trx('posts').insert({ user_id: 1, body: 'hi' });
      await trx('users').where({ id: 1 }).forUpdate().select();
    });
    const counted = knex('users as u')
      .leftJoin('posts as p', 'p.user_id', 'u.id')
      .groupBy('u.id')
      .orderBy('u.id')
      .select('u.name')
      .count('p.id as n');
    expect(await counted).toEqual([
      { name: 'a', n: '1' },
      { name: 'b', n: '0' },
    ]);
    expect((await knex.migrate.rollback({ migrationSource }, true))[1]).toHaveLength(2);
    await knex.destroy();
  });

  it('Kysely: schema, introspection, streams', async () => {
    const pool = new pg.Pool(server.connection);
    const db = new Kysely<{ person: { id: number; name: string; age: number | null }; pet: { id: number; owner: number } }>({
      dialect: new PostgresDialect({ pool, cursor: Cursor }),
    });
    await db.schema
      .createTable('person')
      .addColumn('id', 'serial', (c) => c.primaryKey())
      .addColumn('name', 'varchar', (c) => c.notNull())
      .addColumn('age', 'integer', (c) => c.check(sql`age > 0`))
      .execute();
    await db.schema
      .createTable('pet')
      .addColumn('id', 'serial', (c) => c.primaryKey())
      .addColumn('owner', 'integer', (c) => c.references('person.id'))
      .execute();
    await db.schema.createIndex('pet_owner').on('pet').column('owner').execute();
    const tables = await db.introspection.getTables();
    expect(
      tables.find(({ name }) => name === 'person')?.columns.map((c) => [c.name, c.dataType, c.isAutoIncrementing, c.isNullable]),
    ).toEqual([
      ['id', 'int4', true, false],
      ['name', 'varchar', false, false],
      ['age', 'int4', false, true],
    ]);
    await db
      .insertInto('person')
      .values([{ name: 'A', age: 3 } as never, { name: 'B', age: 4 } as never])
      .execute();
    const streamed: string[] = [];
    for await (const row of db.selectFrom('person').selectAll().orderBy('id').stream(1)) streamed.push(row.name);
    expect(streamed).toEqual(['A', 'B']);
    await db
      .transaction()
      .setIsolationLevel('serializable')
      .execute((trx) => trx.updateTable('person').set({ age: 5 }).execute());
    expect(
      await db
        .selectFrom('person')
        .select((e) => [e.fn.countAll().as('n'), e.fn.max('age').as('m')])
        .executeTakeFirst(),
    ).toEqual({ n: '2', m: 5 });
    await db.destroy();
  });
});
