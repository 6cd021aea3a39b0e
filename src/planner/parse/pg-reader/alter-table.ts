import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { identity, tableConstraint } from './constraints.js';
import { columnDefinition } from './create-table.js';
import { nameOf, relationName, roleSpec } from './names.js';
import { listItems } from './operators.js';
import { definitionElements } from './options.js';
import { attachPartition, detachPartition, finalizeDetach, inheritance } from './partitions.js';
import { type Mutable, type Reader, required } from './reader.js';

const OBJECT_TYPES: Readonly<Partial<Record<pg.ObjectType, ast.AlterTableStatement['objectType']>>> = {
  OBJECT_TABLE: 'table',
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_TYPE: 'type',
  OBJECT_FOREIGN_TABLE: 'foreign table',
};

export function alterTable(node: pg.AlterTableStmt, reader: Reader): ast.Statement {
  const objectType = OBJECT_TYPES[node.objtype ?? 'OBJECT_TABLE'];
  assert(objectType !== undefined, `unexpected ALTER ${node.objtype}`);
  const alter: Mutable<ast.AlterTableStatement> = {
    type: 'alter table',
    objectType,
    table: relationName(node.relation, reader),
    changes: (node.cmds ?? []).map((command) => {
      assert('AlterTableCmd' in command, 'ALTER TABLE has commands');
      return alteration(command.AlterTableCmd, objectType, reader);
    }),
  };
  if (node.missing_ok) alter.ifExists = true;
  return alter;
}

type Alteration = (node: pg.AlterTableCmd, reader: Reader) => ast.TableAlteration;

const ifExists = (node: pg.AlterTableCmd) => (node.missing_ok ? { ifExists: true as const } : {});
const cascade = (node: pg.AlterTableCmd) => (node.behavior === 'DROP_CASCADE' ? { cascade: true as const } : {});
const named = (node: pg.AlterTableCmd) => node.name ?? '';
const rowSecurity =
  (action: 'enable' | 'disable' | 'force' | 'no force'): Alteration =>
  () => ({ type: 'row security', action });

const trigger =
  (firing: ast.Firing): Alteration =>
  (node) => ({ type: 'trigger', firing, which: { name: named(node) } });
const rule =
  (firing: ast.Firing): Alteration =>
  (node) => ({ type: 'rule', firing, name: named(node) });

function stringOf({ def }: pg.AlterTableCmd): string {
  return def !== undefined && 'String' in def ? (def.String.sval ?? '') : '';
}

function columnOf(node: pg.AlterTableCmd): pg.ColumnDef {
  assert(node.def !== undefined && 'ColumnDef' in node.def, 'a column definition is expected in the parse tree');
  return node.def.ColumnDef;
}

const alterations: Readonly<Partial<Record<pg.AlterTableType, Alteration>>> = {
  AT_AddColumn: (node, reader) => ({
    type: 'add column',
    column: columnDefinition(columnOf(node), reader),
    ...(node.missing_ok ? { ifNotExists: true } : {}),
  }),
  AT_DropColumn: (node) => ({ type: 'drop column', column: named(node), ...ifExists(node), ...cascade(node) }),
  AT_AlterColumnType: (node, reader) => {
    const { typeName, raw_default, collClause } = columnOf(node);
    return {
      type: 'set type',
      column: named(node),
      dataType: reader.type(typeName),
      ...(raw_default === undefined ? {} : { using: reader.expr(raw_default) }),
      ...(collClause === undefined ? {} : { collate: nameOf(collClause.collname) }),
    };
  },
  AT_ColumnDefault: (node, reader) =>
    node.def === undefined
      ? { type: 'drop default', column: named(node) }
      : { type: 'set default', column: named(node), expr: reader.expr(node.def) },
  AT_SetNotNull: (node) => ({ type: 'set not null', column: named(node) }),
  AT_DropNotNull: (node) => ({ type: 'drop not null', column: named(node) }),
  AT_AddIdentity: (node, reader) => {
    assert(node.def !== undefined && 'Constraint' in node.def, 'ADD GENERATED has a constraint');
    return { type: 'add identity', column: named(node), ...identity(node.def.Constraint, reader) };
  },
  AT_SetIdentity: (node, reader) => ({
    type: 'set identity',
    column: named(node),
    options: definitionElements(listItems(node.def), reader).map(generatedOption),
  }),
  AT_DropIdentity: (node) => ({ type: 'drop identity', column: named(node), ...ifExists(node) }),
  AT_DropExpression: (node) => ({ type: 'drop expression', column: named(node), ...ifExists(node) }),
  AT_AddConstraint: (node, reader) => ({ type: 'add constraint', constraint: tableConstraint(node.def, reader) }),
  AT_DropConstraint: (node) => ({ type: 'drop constraint', name: named(node), ...ifExists(node), ...cascade(node) }),
  AT_AlterConstraint: (node) => {
    assert(node.def !== undefined && 'ATAlterConstraint' in node.def, 'ALTER CONSTRAINT has a constraint');
    const { conname, deferrable, initdeferred, alterDeferrability } = node.def.ATAlterConstraint;
    // Only later versions can say anything else of it.
    if (alterDeferrability !== true) throw notSupported('ALTER CONSTRAINT beyond when it is checked');
    return {
      type: 'alter constraint',
      name: conname ?? '',
      ...(deferrable ? { deferrable: true } : {}),
      ...(initdeferred ? { initiallyDeferred: true } : {}),
    };
  },
  AT_ValidateConstraint: (node) => ({ type: 'validate constraint', name: named(node) }),
  AT_ChangeOwner: (node, reader) => ({ type: 'owner', to: roleSpec(required(node.newowner, 'AlterTableCmd.newowner'), reader) }),
  AT_SetRelOptions: (node, reader) => ({ type: 'set options', options: definitionElements(listItems(node.def), reader) }),
  AT_ResetRelOptions: (node, reader) => ({ type: 'reset options', options: definitionElements(listItems(node.def), reader) }),
  AT_AddInherit: inheritance('inherit'),
  AT_DropInherit: inheritance('no inherit'),
  AT_AttachPartition: attachPartition,
  AT_DetachPartition: detachPartition,
  AT_DetachPartitionFinalize: finalizeDetach,
  AT_EnableRowSecurity: rowSecurity('enable'),
  AT_DisableRowSecurity: rowSecurity('disable'),
  AT_ForceRowSecurity: rowSecurity('force'),
  AT_NoForceRowSecurity: rowSecurity('no force'),
  AT_EnableTrig: trigger('enable'),
  AT_EnableAlwaysTrig: trigger('enable always'),
  AT_EnableReplicaTrig: trigger('enable replica'),
  AT_DisableTrig: trigger('disable'),
  AT_EnableTrigAll: () => ({ type: 'trigger', firing: 'enable', which: 'all' }),
  AT_DisableTrigAll: () => ({ type: 'trigger', firing: 'disable', which: 'all' }),
  AT_EnableTrigUser: () => ({ type: 'trigger', firing: 'enable', which: 'user' }),
  AT_DisableTrigUser: () => ({ type: 'trigger', firing: 'disable', which: 'user' }),
  AT_EnableRule: rule('enable'),
  AT_EnableAlwaysRule: rule('enable always'),
  AT_EnableReplicaRule: rule('enable replica'),
  AT_DisableRule: rule('disable'),
  AT_SetStatistics: (node) => ({
    type: 'set statistics',
    ...(node.name === undefined ? {} : { column: node.name }),
    ...(node.num === undefined ? {} : { number: node.num }),
    value: node.def !== undefined && 'Integer' in node.def ? (node.def.Integer.ival ?? 0) : 0,
  }),
  AT_SetOptions: (node, reader) => ({
    type: 'set attribute options',
    column: named(node),
    options: definitionElements(listItems(node.def), reader),
  }),
  AT_ResetOptions: (node, reader) => ({
    type: 'reset attribute options',
    column: named(node),
    options: definitionElements(listItems(node.def), reader),
  }),
  AT_SetStorage: (node) => ({ type: 'set storage', column: named(node), storage: stringOf(node) }),
  AT_SetCompression: (node) => ({ type: 'set compression', column: named(node), method: stringOf(node) }),
  AT_ClusterOn: (node) => ({ type: 'cluster on', index: named(node) }),
  AT_DropCluster: () => ({ type: 'without cluster' }),
  AT_DropOids: () => ({ type: 'without oids' }),
  AT_SetLogged: () => ({ type: 'persistence', logged: true }),
  AT_SetUnLogged: () => ({ type: 'persistence', logged: false }),
  AT_SetAccessMethod: (node) => ({ type: 'access method', name: named(node) }),
  AT_SetTableSpace: (node) => ({ type: 'tablespace', name: named(node) }),
  AT_AddOf: (node) => {
    assert(node.def !== undefined && 'TypeName' in node.def, 'OF has a type');
    return { type: 'of', typeName: nameOf(node.def.TypeName.names) };
  },
  AT_DropOf: () => ({ type: 'not of' }),
  AT_ReplicaIdentity: (node) => {
    assert(node.def !== undefined && 'ReplicaIdentityStmt' in node.def, 'REPLICA IDENTITY has an identity');
    const { identity_type, name } = node.def.ReplicaIdentityStmt;
    const identity = identity_type === 'n' || identity_type === 'f' || identity_type === 'i' ? identity_type : 'd';
    return { type: 'replica identity', identity, ...(name === undefined ? {} : { index: name }) };
  },
};

/** SET GENERATED comes as the character of pg_attribute.attidentity. */
function generatedOption(option: ast.DefElement): ast.DefElement {
  if (option.name !== 'generated' || option.value?.type !== 'integer') return option;
  return { ...option, value: { type: 'string', value: String.fromCharCode(option.value.value) === 'a' ? 'always' : 'by default' } };
}

/** What ALTER TABLE can say beyond these, by its SQL name. */
const UNSUPPORTED: Readonly<Partial<Record<pg.AlterTableType, string>>> = {
  AT_SetExpression: 'ALTER COLUMN … SET EXPRESSION',
  AT_AlterColumnGenericOptions: 'ALTER COLUMN … OPTIONS',
  AT_GenericOptions: 'OPTIONS',
};

function alteration(node: pg.AlterTableCmd, objectType: string, reader: Reader): ast.TableAlteration {
  const subtype = required(node.subtype, 'AlterTableCmd.subtype');
  const convert = alterations[subtype];
  if (convert !== undefined) return convert(node, reader);
  const what = UNSUPPORTED[subtype];
  if (what === undefined) throw notSupported(`ALTER TABLE ${subtype}`);
  return { type: 'unsupported', what: `ALTER ${objectType.toUpperCase()} … ${what}` };
}
