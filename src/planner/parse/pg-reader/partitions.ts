import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { nameOf, relationName } from './names.js';
import { nonEmpty, type Reader, required } from './reader.js';

const STRATEGIES: Readonly<Partial<Record<pg.PartitionStrategy, ast.PartitionSpec['strategy']>>> = {
  PARTITION_STRATEGY_RANGE: 'range',
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_HASH: 'hash',
};

/** PARTITION BY */
export function partitionSpec(node: pg.PartitionSpec, reader: Reader): ast.PartitionSpec {
  const strategy = STRATEGIES[required(node.strategy, 'PartitionSpec.strategy')];
  assert(strategy !== undefined, `unexpected strategy ${node.strategy}`);
  const elements = (node.partParams ?? []).map((param): ast.PartitionElement => {
    assert('PartitionElem' in param, 'PARTITION BY has elements');
    const { name, expr, collation, opclass, location } = param.PartitionElem;
    return {
      expr: name === undefined ? reader.expr(expr) : { type: 'ref', name, ...reader.at(location) },
      ...(nonEmpty(collation) ? { collate: nameOf(collation) } : {}),
      ...(nonEmpty(opclass) ? { opclass: nameOf(opclass) } : {}),
      ...reader.at(location),
    };
  });
  return { strategy, elements, ...reader.at(node.location) };
}

/** FOR VALUES, or DEFAULT */
export function partitionBound(node: pg.PartitionBoundSpec, reader: Reader): ast.PartitionBoundSpec {
  const at = reader.at(node.location);
  if (node.is_default) return { type: 'default', ...at };
  switch (node.strategy) {
    case 'h':
      return { type: 'hash', modulus: node.modulus ?? 0, remainder: node.remainder ?? 0, ...at };
    case 'l':
      return { type: 'list', values: reader.exprs(node.listdatums), ...at };
    default:
      return { type: 'range', from: reader.exprs(node.lowerdatums), to: reader.exprs(node.upperdatums), ...at };
  }
}

function partitionCommand(node: pg.AlterTableCmd): pg.PartitionCmd {
  assert(node.def !== undefined && 'PartitionCmd' in node.def, 'a partition is expected in the parse tree');
  return node.def.PartitionCmd;
}

export function attachPartition(node: pg.AlterTableCmd, reader: Reader): ast.TableAlteration {
  const { name, bound } = partitionCommand(node);
  const partition = relationName(name, reader);
  return { type: 'attach partition', partition, ...(bound === undefined ? {} : { bound: partitionBound(bound, reader) }) };
}

export function detachPartition(node: pg.AlterTableCmd, reader: Reader): ast.TableAlteration {
  const { name, concurrent } = partitionCommand(node);
  return { type: 'detach partition', partition: relationName(name, reader), ...(concurrent ? { mode: 'concurrently' } : {}) };
}

export function finalizeDetach(node: pg.AlterTableCmd, reader: Reader): ast.TableAlteration {
  return { type: 'detach partition', partition: relationName(partitionCommand(node).name, reader), mode: 'finalize' };
}

export function inheritance(type: 'inherit' | 'no inherit') {
  return (node: pg.AlterTableCmd, reader: Reader): ast.TableAlteration => {
    assert(node.def !== undefined && 'RangeVar' in node.def, 'INHERIT has a parent');
    return { type, parent: relationName(node.def.RangeVar, reader) };
  };
}
