import type { Random } from './random.js';
import { anyType, quote, type Type, valueText } from './types.js';

export interface TableColumn {
  readonly name: string;
  readonly type: Type;
  /** As it is declared: a domain of its own over the kind of value (varchar, char, smallint). */
  readonly declared: string;
  readonly isGenerated: boolean;
  readonly isUnique: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly edges: boolean;
}

export interface Schema {
  readonly tables: readonly Table[];
  /** CREATE TABLE, CREATE INDEX, INSERT: what each side runs first. CREATE TABLE ends so that WITH (…) can follow. */
  readonly setup: string[];
}

export function generateSchema(random: Random): Schema {
  const tables: Table[] = [];
  const setup: string[] = [];
  for (let i = 0; i < random.between(2, 4); i++) {
    const { table, create } = generateTable(`t${i}`, tables, random);
    tables.push(table);
    setup.push(create);
  }
  const early = random.chance(0.5);
  const indexes = tables.flatMap((table) => random.many(random.below(4), () => generateIndex(table, random)));
  if (early) setup.push(...indexes);
  for (const table of tables) setup.push(...generateRows(table, random));
  if (!early) setup.push(...indexes);
  return { tables, setup };
}

function generateTable(name: string, earlier: readonly Table[], random: Random): { table: Table; create: string } {
  const edges = random.chance(0.15);
  const columns: TableColumn[] = [{ name: 'id', type: 'int4', declared: 'int4', isGenerated: false, isUnique: true }];
  const lines = ['id int4 PRIMARY KEY'];
  if (earlier.length > 0 && random.chance(0.6)) {
    const action = random.pick(['', ' ON DELETE CASCADE', ' ON DELETE SET NULL', ' ON DELETE RESTRICT', ' ON UPDATE CASCADE']);
    columns.push({ name: 'ref', type: 'int4', declared: 'int4', isGenerated: false, isUnique: false });
    lines.push(`ref int4 REFERENCES ${random.pick(earlier).name} (id)${action}`);
  }
  for (let i = 1; i <= random.between(3, 7); i++) {
    const column = generateColumn(`c${i}`, random);
    const value = quote(valueText(column.type, random));
    let line = `${column.name} ${column.declared}`;
    if (column.isUnique) line += ' UNIQUE';
    if (random.chance(0.1)) line += ' NOT NULL';
    if (random.chance(0.15)) line += ` DEFAULT ${value}`;
    if (random.chance(0.08) && column.type !== 'jsonb') line += ` CHECK (${column.name} <> ${value})`;
    columns.push(column);
    lines.push(line);
  }
  if (random.chance(0.15)) {
    columns.push({ name: 'gen', type: 'int4', declared: 'int4', isGenerated: true, isUnique: false });
    lines.push('gen int4 GENERATED ALWAYS AS (id % 4) STORED');
  }
  return { table: { name, columns, edges }, create: `CREATE TABLE ${name} (${lines.join(', ')})` };
}

function generateColumn(name: string, random: Random): TableColumn {
  const type = anyType(random);
  let declared: string = type;
  if (type === 'text') declared = random.pick(['text', 'text', 'varchar', 'varchar(10)', 'char(3)']);
  if (type === 'int4' && random.chance(0.1)) declared = 'int2';
  if (type === 'numeric') declared = 'numeric(12,2)';
  return { name, type, declared, isGenerated: false, isUnique: random.chance(0.08) && type !== 'bool' };
}

function generateIndex(table: Table, random: Random): string {
  const keys = random.many(random.between(1, 3), () => {
    const column = random.pick(table.columns);
    const order = random.pick(['', '', ' DESC', ' ASC NULLS FIRST', ' DESC NULLS LAST']);
    if (random.chance(0.2)) {
      if (column.type === 'text' && column.declared !== 'char(3)') return `lower(${column.name})${order}`;
      if (column.type === 'int4') return `(${column.name} % 3)${order}`;
    }
    return column.name + order;
  });
  let where = '';
  if (random.chance(0.25)) {
    const column = random.pick(table.columns);
    where = random.pick([` WHERE ${column.name} IS NOT NULL`, ` WHERE ${column.name} IS NULL`, ` WHERE id > 5`]);
  }
  const unique = random.chance(0.1) ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ON ${table.name} (${keys.join(', ')})${where}`;
}

function generateRows(table: Table, random: Random): string[] {
  return random.many(random.pick([0, 1, 8, 15, 15, 25, 25, 120]), (i) => {
    const columns = table.columns.filter((column) => !column.isGenerated);
    const values = columns.map((column) => {
      if (column.name === 'id') return String(i + 1);
      if (column.name === 'ref') return random.chance(0.3) ? 'NULL' : String(random.between(1, 8));
      if (random.chance(0.03)) return 'DEFAULT';
      return random.chance(0.2) ? 'NULL' : quote(valueText(column.type, random, table.edges));
    });
    return `INSERT INTO ${table.name} (${columns.map((column) => column.name).join(', ')}) VALUES (${values.join(', ')})`;
  });
}

/** What another user writes into tables of the same names. */
export const generateOthersRows = (schema: Schema, random: Random): string[] =>
  schema.tables.flatMap((table) => generateRows(table, random).slice(0, 8));
