import type * as pg from 'libpg-query';
import { assert, InvariantError } from '../../../commons/assert.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { indexElements } from './indexes.js';
import { nameOf, relationName, strings } from './names.js';
import { listItems } from './operators.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

function constraintOf(node: pg.Node | undefined): pg.Constraint {
  assert(node !== undefined && 'Constraint' in node, 'a constraint is expected in the parse tree');
  return node.Constraint;
}

interface Common {
  readonly name?: string;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
}

function common(node: pg.Constraint, reader: Reader): Common & ast.Node {
  const fields: Mutable<Common & ast.Node> = { ...reader.at(node.location) };
  if (node.conname !== undefined) fields.name = node.conname;
  if (node.deferrable) fields.deferrable = true;
  if (node.initdeferred) fields.initiallyDeferred = true;
  return fields;
}

function withOptions(node: pg.Constraint, reader: Reader): { with?: readonly ast.DefElement[] } {
  return nonEmpty(node.options) ? { with: definitionElements(node.options, reader) } : {};
}

function check(node: pg.Constraint, reader: Reader): { type: 'check'; expr: ast.Expr; noInherit?: true } {
  // Absent means false: only PostgreSQL 18's grammar can say NOT ENFORCED.
  if (!node.is_enforced) throw notSupported('NOT ENFORCED', { position: reader.offset(node.location) });
  const expr = reader.expr(node.raw_expr);
  return node.is_no_inherit ? { type: 'check', expr, noInherit: true } : { type: 'check', expr };
}

const ACTIONS: Readonly<Record<string, ast.ForeignKeyAction>> = {
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function references(node: pg.Constraint, reader: Reader): ast.References {
  if (!node.is_enforced) throw notSupported('NOT ENFORCED', { position: reader.offset(node.location) });
  if (node.fk_with_period || node.pk_with_period) throw notSupported('PERIOD in a foreign key');
  const fields: Mutable<ast.References> = { table: relationName(node.pktable, reader) };
  if (nonEmpty(node.pk_attrs)) fields.foreignColumns = strings(node.pk_attrs);
  if (node.fk_matchtype === 'f') fields.match = 'full';
  if (node.fk_matchtype === 'p') fields.match = 'partial';
  const onDelete = ACTIONS[node.fk_del_action ?? 'a'];
  const onUpdate = ACTIONS[node.fk_upd_action ?? 'a'];
  if (onDelete !== undefined) fields.onDelete = onDelete;
  if (onUpdate !== undefined) fields.onUpdate = onUpdate;
  if (nonEmpty(node.fk_del_set_cols)) fields.onDeleteColumns = strings(node.fk_del_set_cols);
  return fields;
}

/** Of a column: DEFERRABLE and its like come as nodes of their own, which belong to the constraint before them. */
export function columnConstraints(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.ColumnConstraint[] {
  const constraints: Mutable<ast.ColumnConstraint>[] = [];
  let said: Said = {};
  for (const node of nodes ?? []) {
    const constraint = constraintOf(node);
    if (isAttribute(constraint)) applyAttribute(constraints.at(-1), said, constraint, reader);
    else {
      constraints.push(columnConstraint(constraint, reader));
      said = {};
    }
  }
  return constraints;
}

/** What was said of a constraint so far. */
interface Said {
  deferrable?: boolean;
  initially?: 'deferred' | 'immediate';
}

function isAttribute(node: pg.Constraint): boolean {
  return required(node.contype, 'Constraint.contype').startsWith('CONSTR_ATTR_');
}

function applyAttribute(target: Mutable<ast.ColumnConstraint> | undefined, said: Said, node: pg.Constraint, reader: Reader): void {
  const position = reader.offset(node.location);
  const deferral = target?.type === 'primary key' || target?.type === 'unique' || target?.type === 'references' ? target : undefined;
  const wrong = (message: string) => new SqlError(SqlState.syntaxError, message, { position });
  const sayDeferrable = (deferrable: boolean): void => {
    if (deferral === undefined) throw wrong(`misplaced ${deferrable ? '' : 'NOT '}DEFERRABLE clause`);
    if (said.deferrable !== undefined) throw wrong('multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed');
    said.deferrable = deferrable;
    if (deferrable) deferral.deferrable = true;
  };
  const sayInitially = (initially: 'deferred' | 'immediate'): void => {
    if (deferral === undefined) throw wrong(`misplaced INITIALLY ${initially.toUpperCase()} clause`);
    if (said.initially !== undefined) throw wrong('multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed');
    said.initially = initially;
    if (initially === 'immediate') return;
    deferral.deferrable = true;
    deferral.initiallyDeferred = true;
  };
  switch (node.contype) {
    case 'CONSTR_ATTR_DEFERRABLE':
      sayDeferrable(true);
      break;
    case 'CONSTR_ATTR_NOT_DEFERRABLE':
      sayDeferrable(false);
      break;
    case 'CONSTR_ATTR_DEFERRED':
      sayInitially('deferred');
      break;
    case 'CONSTR_ATTR_IMMEDIATE':
      sayInitially('immediate');
      break;
    case 'CONSTR_ATTR_ENFORCED':
      return;
    default:
      throw notSupported('NOT ENFORCED', { position });
  }
  if (said.deferrable === false && said.initially === 'deferred') throw wrong('constraint declared INITIALLY DEFERRED must be DEFERRABLE');
}

function columnConstraint(node: pg.Constraint, reader: Reader): ast.ColumnConstraint {
  const fields = common(node, reader);
  switch (node.contype) {
    case 'CONSTR_NOTNULL':
      return { type: 'not null', ...fields };
    case 'CONSTR_NULL':
      return { type: 'null', ...fields };
    case 'CONSTR_DEFAULT':
      return { type: 'default', expr: reader.expr(node.raw_expr), ...fields };
    case 'CONSTR_CHECK':
      return { ...check(node, reader), ...fields };
    case 'CONSTR_PRIMARY':
      return { type: 'primary key', ...withOptions(node, reader), ...fields };
    case 'CONSTR_UNIQUE':
      return { type: 'unique', ...(node.nulls_not_distinct ? { nullsNotDistinct: true } : {}), ...withOptions(node, reader), ...fields };
    case 'CONSTR_FOREIGN':
      return { type: 'references', ...references(node, reader), ...fields };
    case 'CONSTR_IDENTITY':
      return { type: 'identity', ...identity(node, reader), ...fields };
    case 'CONSTR_GENERATED':
      if (node.generated_kind === 'v') throw notSupported('a virtual generated column', { position: reader.offset(node.location) });
      return { type: 'generated', expr: reader.expr(node.raw_expr), ...fields };
    default:
      throw new InvariantError(`unexpected column constraint ${node.contype}`);
  }
}

export function identity(node: pg.Constraint, reader: Reader): { always: boolean; options: readonly ast.DefElement[] } {
  return { always: node.generated_when === 'a', options: definitionElements(node.options, reader) };
}

/** Of a table, or of ALTER TABLE … ADD. */
export function tableConstraint(constraint: pg.Node | undefined, reader: Reader): ast.TableConstraint {
  const node = constraintOf(constraint);
  const fields = { ...common(node, reader), ...(node.skip_validation ? { notValid: true as const } : {}) };
  switch (node.contype) {
    case 'CONSTR_CHECK':
      return { ...check(node, reader), ...fields };
    case 'CONSTR_PRIMARY':
      return { type: 'primary key', ...keyConstraint(node, reader), ...fields };
    case 'CONSTR_UNIQUE':
      return { type: 'unique', ...keyConstraint(node, reader), ...fields };
    case 'CONSTR_FOREIGN':
      return { type: 'foreign key', columns: strings(node.fk_attrs), ...references(node, reader), ...fields };
    case 'CONSTR_EXCLUSION':
      return { ...exclusion(node, reader), ...fields };
    case 'CONSTR_NOTNULL':
      throw notSupported('NOT NULL as a table constraint', { position: reader.offset(node.location) });
    default:
      throw new InvariantError(`unexpected table constraint ${node.contype}`);
  }
}

function exclusion(node: pg.Constraint, reader: Reader): Omit<Extract<ast.TableConstraint, { type: 'exclude' }>, 'name' | '_location'> {
  const elements = (node.exclusions ?? []).map((pair) => {
    const [index, operator] = listItems(pair);
    const [element] = indexElements(index === undefined ? [] : [index], reader);
    assert(element !== undefined, 'an exclusion has an index column');
    return { element, operator: nameOf([...listItems(operator)]) };
  });
  return {
    type: 'exclude',
    using: node.access_method ?? 'btree',
    elements,
    ...(nonEmpty(node.including) ? { including: strings(node.including) } : {}),
    ...(node.where_clause === undefined ? {} : { where: reader.expr(node.where_clause) }),
    ...withOptions(node, reader),
  };
}

type KeyConstraint = Omit<Extract<ast.TableConstraint, { type: 'primary key' | 'unique' }>, 'type' | 'name' | '_location'>;

function keyConstraint(node: pg.Constraint, reader: Reader): KeyConstraint {
  if (node.without_overlaps) throw notSupported('WITHOUT OVERLAPS', { position: reader.offset(node.location) });
  const key: Mutable<KeyConstraint> = { columns: strings(node.keys), ...withOptions(node, reader) };
  if (nonEmpty(node.including)) key.including = strings(node.including);
  if (node.nulls_not_distinct) key.nullsNotDistinct = true;
  if (node.indexname !== undefined) key.usingIndex = node.indexname;
  return key;
}
