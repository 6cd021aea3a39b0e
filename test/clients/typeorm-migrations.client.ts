import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { runProgram, startedServer, workFolder } from './started.js';

const ENTITIES = `
const { EntitySchema } = require('typeorm');
exports.User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: Number, primary: true, generated: true },
    name: { type: String, length: 80, comment: 'as on the card' },
    mood: { type: 'enum', enum: ['sad', 'ok'], default: 'ok' },
    tags: { type: 'text', array: true, default: [] },
    data: { type: 'jsonb', nullable: true },
    price: { type: 'numeric', precision: 10, scale: 2, default: 0 },
    at: { type: 'timestamptz', createDate: true },
    full: { type: 'text', generatedType: 'STORED', asExpression: "name || '!'", nullable: true },
  },
  indices: [{ name: 'users_name', columns: ['name'], unique: true, where: "mood = 'ok'" }],
  checks: [{ name: 'price_positive', expression: '"price" >= 0' }],
  relations: { groups: { type: 'many-to-many', target: 'Group', joinTable: true, cascade: true } },
});
exports.Group = new EntitySchema({
  name: 'Group',
  columns: { id: { type: 'uuid', primary: true, generated: 'uuid' }, title: { type: 'varchar', unique: true } },
  relations: { owner: { type: 'many-to-one', target: 'User', onDelete: 'SET NULL', nullable: true } },
});
`;

describe('TypeORM migrations', () => {
  const server = startedServer('typeorm-migrations');
  const folder = workFolder('typeorm-migrations');
  const typeorm = (command: string, ...args: readonly string[]): Promise<string> =>
    runProgram(folder, {}, 'typeorm', command, ...args, '-d', './source.cjs');
  const generate = (name: string): Promise<string> => typeorm('migration:generate', `migrations/${name}`, '--outputJs');

  it('generate, run, show, revert, and nothing more to generate', async () => {
    const { user: username, ...connection } = server.connection;
    writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }');
    writeFileSync(`${folder}/entities.cjs`, ENTITIES);
    writeFileSync(
      `${folder}/source.cjs`,
      `const { DataSource } = require('typeorm');
module.exports = new DataSource({ type: 'postgres', ...${JSON.stringify(connection)}, username: '${username}', uuidExtension: 'pgcrypto',
  entities: Object.values(require('./entities.cjs')), migrations: [__dirname + '/migrations/*.js'] });`,
    );
    expect(await generate('Init')).toContain('has been generated successfully');
    expect(await typeorm('migration:run')).toContain('has been executed successfully');
    await expect(generate('Nothing')).rejects.toThrow('No changes in database schema were found');
    writeFileSync(
      `${folder}/entities.cjs`,
      ENTITIES.replace("length: 80, comment: 'as on the card'", "length: 120, default: 'nobody'")
        .replace("['sad', 'ok']", "['sad', 'ok', 'glad']")
        .replace("title: { type: 'varchar', unique: true }", "title: { type: 'text' }, no: { type: 'bigint', generated: 'identity' }"),
    );
    expect(await generate('Change')).toContain('has been generated successfully');
    expect(await typeorm('migration:run')).toContain('has been executed successfully');
    await expect(generate('Nothing')).rejects.toThrow('No changes in database schema were found');
    expect(await typeorm('migration:show')).toMatch(/\[X\].*Init[\s\S]*\[X\].*Change/);
    expect(await typeorm('migration:revert')).toContain('has been reverted successfully');
    expect(await typeorm('migration:show')).toMatch(/\[X\].*Init[\s\S]*\[ \].*Change/);
    expect(await typeorm('migration:revert')).toContain('has been reverted successfully');
    const made = readdirSync(`${folder}/migrations`).map((file) => readFileSync(`${folder}/migrations/${file}`, 'utf8'));
    expect(made).toHaveLength(2);
    const client = new pg.Client(server.connection);
    await client.connect();
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
    );
    expect(rows.map(({ relname }) => relname)).toEqual(['migrations', 'typeorm_metadata']);
    await client.end();
  });
});
