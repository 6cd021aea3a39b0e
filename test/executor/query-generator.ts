/** Random queries over three small tables: joins of every kind, sub-queries, groups, order and limits. The same seed gives the same ones. */

const TABLES = ['ta', 'tb', 'tc'] as const;
const NUMBERS = ['id', 'x', 'y'] as const;
const COMPARISONS = ['=', '<', '>', '<=', '>=', '<>'] as const;

export class QueryGenerator {
  #seed: number;
  #aliases = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Mulberry32. */
  #random(n: number): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.#random(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to choose from');
    return choice;
  }

  schema(): readonly string[] {
    const statements: string[] = [];
    for (const table of TABLES) {
      statements.push(`create table ${table} (id int primary key, x int, y bigint, s text)`);
      const rows = Array.from({ length: 12 + this.#random(20) }, (_, i) => {
        const x = this.#random(5) === 0 ? 'null' : this.#random(8);
        const y = this.#random(6) === 0 ? 'null' : this.#random(12);
        const s = this.#random(6) === 0 ? 'null' : this.#text();
        return `(${i + 1}, ${x}, ${y}, ${s})`;
      });
      statements.push(`insert into ${table} values ${rows.join(', ')}`);
    }
    return [
      ...statements,
      'create index ta_x on ta (x, y desc)',
      'create index tb_s on tb (s)',
      'create unique index tc_u on tc (y, id)',
      'create index tb_p on tb (y) where x is not null',
      'create index tc_l on tc ((x + 1))',
    ];
  }

  #text(): string {
    return `'${this.pick(['a', 'b', 'c', 'd'])}${this.#random(3)}'`;
  }

  #number(aliases: readonly string[]): string {
    return `${this.pick(aliases)}.${this.pick(NUMBERS)}`;
  }

  #condition(aliases: readonly string[], depth: number): string {
    const number = (): string => this.#number(aliases);
    const text = (): string => `${this.pick(aliases)}.s`;
    const not = (): string => this.pick(['', 'not ']);
    switch (this.#random(depth > 0 ? 16 : 10)) {
      case 0:
        return `${number()} ${this.pick(COMPARISONS)} ${this.#random(10)}`;
      case 1:
        return `${number()} = ${number()}`;
      case 2:
        return `${number()} is ${not()}null`;
      case 3:
        return `${number()} in (${this.#random(5)}, ${this.#random(9)}, ${this.#random(12)})`;
      case 4:
        return `${text()} ${this.pick(['=', '<', '>='])} ${this.#text()}`;
      case 5:
        return `${text()} like '${this.pick(['a', 'b', 'c'])}%'`;
      case 6:
        return `${number()} between ${this.#random(5)} and ${5 + this.#random(6)}`;
      case 7:
        return `${number()} + 1 = ${this.#random(9)}`;
      case 8:
        return `coalesce(${number()}, 3) > ${this.#random(7)}`;
      case 9:
        return `${text()} = ${text()}`;
      case 10:
        return `(${this.#condition(aliases, depth - 1)} or ${this.#condition(aliases, depth - 1)})`;
      case 11:
        return `not (${this.#condition(aliases, depth - 1)})`;
      default:
        return this.#subqueryCondition(aliases);
    }
  }

  #subqueryCondition(aliases: readonly string[]): string {
    const inner = `s${this.#aliases++}`;
    const from = `${this.pick(TABLES)} ${inner}`;
    const both = [inner, ...aliases];
    const left = this.#number(aliases);
    switch (this.#random(4)) {
      case 0:
        return `${this.pick(['', 'not '])}exists (select 1 from ${from} where ${this.#condition(both, 0)} and ${this.#condition([inner], 0)})`;
      case 1:
        return `${left} ${this.pick(['', 'not '])}in (select ${inner}.${this.pick(NUMBERS)} from ${from} where ${this.#condition(this.pick([both, [inner]]), 0)})`;
      case 2:
        return `${left} ${this.pick(COMPARISONS)} (select ${this.pick(['max', 'min', 'count'])}(${inner}.x) from ${from} where ${this.#condition(both, 0)})`;
      default:
        return `${left} ${this.pick(COMPARISONS)} ${this.pick(['any', 'all'])} (select ${inner}.x from ${from} where ${this.#condition([inner], 0)})`;
    }
  }

  #source(alias: string, left: readonly string[]): string {
    const table = this.pick(TABLES);
    switch (this.#random(8)) {
      case 0:
        return `(select id, x, max(y) as y, min(s) as s from ${table} group by id, x) ${alias}`;
      case 1:
        return `(select id, x, y, s from ${table} where ${this.#condition([table], 0)} union all select id, y::int, x, s from ${this.pick(TABLES)}) ${alias}`;
      case 2:
        return `(select distinct x as id, x, y, s from ${table}) ${alias}`;
      case 3:
        if (left.length === 0) return `${table} ${alias}`;
        return `lateral (select id, x, y, s from ${table} l where ${this.#condition(['l', ...left], 0)} order by id limit 2) ${alias}`;
      default:
        return `${table} ${alias}`;
    }
  }

  #from(relations: number): { readonly sql: string; readonly aliases: readonly string[] } {
    const aliases: string[] = [];
    let sql = '';
    for (let i = 0; i < relations; i++) {
      const alias = `r${this.#aliases++}`;
      const source = this.#source(alias, aliases);
      sql = i === 0 ? source : `${sql} ${this.#join(source, alias, aliases)}`;
      aliases.push(alias);
    }
    return { sql, aliases };
  }

  #join(source: string, alias: string, left: readonly string[]): string {
    const kinds = source.startsWith('lateral')
      ? ['join', 'left join', 'cross join']
      : ['join', 'join', 'left join', 'right join', 'full join', 'cross join'];
    const kind = this.pick(kinds);
    if (kind === 'cross join') return `${kind} ${source}`;
    if (kind === 'full join')
      return `${kind} ${source} on ${this.pick(left)}.${this.pick(['id', 'x'])} = ${alias}.${this.pick(['id', 'x'])}`;
    const all = [...left, alias];
    const key = this.#random(4) > 0 ? `${this.#number(left)} = ${this.#number([alias])}` : this.#condition(all, 0);
    return `${kind} ${source} on ${key}${this.#random(3) > 0 ? '' : ` and ${this.#condition(all, 0)}`}`;
  }

  query(): string {
    this.#aliases = 0;
    const { sql, aliases } = this.#from(1 + this.#random(3));
    const more = this.#random(2) > 0 ? ` and ${this.#condition(aliases, 1)}` : '';
    const where = this.#random(5) > 0 ? ` where ${this.#condition(aliases, 2)}${more}` : '';
    switch (this.#random(6)) {
      case 0:
        return `select count(*), sum(${this.#number(aliases)}), min(${this.pick(aliases)}.s) from ${sql}${where}`;
      case 1: {
        const group = `${this.pick(aliases)}.${this.pick([...NUMBERS, 's'])}`;
        const having = this.#random(3) > 0 ? '' : ' having count(*) > 1';
        const columns = `${group} g, count(*), max(${this.#number(aliases)}), count(distinct ${this.#number(aliases)})`;
        return `select ${columns} from ${sql}${where} group by ${group}${having} order by 1, 2, 3, 4`;
      }
      default: {
        const columns = Array.from({ length: 1 + this.#random(3) }, () =>
          this.#random(4) > 0 ? this.#number(aliases) : `${this.pick(aliases)}.s`,
        );
        if (this.#random(6) === 0) columns.push(`(select count(*) from ${this.pick(TABLES)} q where q.x = ${this.#number(aliases)})`);
        const keys = columns.map(
          (_, i) => `${i + 1}${this.pick(['', '', ' desc'])}${this.pick(['', '', '', ' nulls first', ' nulls last'])}`,
        );
        const limit = this.#random(3) > 0 ? '' : ` limit ${this.#random(8)}${this.pick(['', ` offset ${this.#random(5)}`])}`;
        return `select ${this.pick(['', '', '', 'distinct '])}${columns.join(', ')} from ${sql}${where} order by ${keys.join(', ')}${limit}`;
      }
    }
  }
}
