import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { numberLiteral } from './constants.js';
import { roleName } from './names.js';
import { type Mutable, type Reader, tagOf } from './reader.js';

/** `name = value` lists: WITH (…), sequence, role, COPY and EXPLAIN options. */
export function definitionElements(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.DefElement[] {
  return (nodes ?? []).map((node) => {
    assert('DefElem' in node, 'an option is expected in the parse tree');
    const { defname, defnamespace, arg, location } = node.DefElem;
    const element: Mutable<ast.DefElement> = { name: defname ?? '', ...reader.at(location) };
    if (defnamespace !== undefined) element.namespace = defnamespace;
    if (arg !== undefined) element.value = optionValue(arg, element.name, reader);
    return element;
  });
}

function optionValue(node: pg.Node, option: string, reader: Reader): ast.DefValue {
  if ('String' in node) return { type: 'string', value: node.String.sval ?? '' };
  if ('Integer' in node) return { type: 'integer', value: node.Integer.ival ?? 0 };
  if ('Float' in node) return numberValue(node.Float.fval ?? '0');
  if ('Boolean' in node) return { type: 'boolean', value: node.Boolean.boolval ?? false };
  if ('A_Star' in node) return { type: 'star' };
  if ('List' in node) return { type: 'list', values: (node.List.items ?? []).map((item) => optionValue(item, option, reader)) };
  if ('RoleSpec' in node) return { type: 'string', value: roleName(node.RoleSpec) };
  if ('TypeName' in node) return typeValue(reader.type(node.TypeName), option);
  if ('A_Const' in node) {
    const { ival, fval, sval, boolval } = node.A_Const;
    if (ival !== undefined) return { type: 'integer', value: ival.ival ?? 0 };
    if (fval !== undefined) return numberValue(fval.fval ?? '0');
    if (boolval !== undefined) return { type: 'boolean', value: boolval.boolval ?? false };
    return { type: 'string', value: sval?.sval ?? '' };
  }
  if ('DefElem' in node) {
    const [element] = definitionElements([node], reader);
    if (element?.value === undefined) return { type: 'string', value: element?.name ?? '' };
    return element.value;
  }
  throw notSupported(`the value ${tagOf(node)} of option "${option}"`);
}

function numberValue(text: string): ast.DefValue {
  const number = numberLiteral(text, {});
  return number.type === 'integer' ? { type: 'integer', value: number.value } : { type: 'numeric', text: number.text };
}

/** The grammar takes a bare word for a type's name; only `AS integer` of a sequence means a type. */
function typeValue(dataType: ast.DataTypeDef, option: string): ast.DefValue {
  // PostgreSQL 18's grammar also spells json, boolean and the like itself: their schema does not make them types.
  const plain = dataType.config === undefined && dataType.arrayDimensions === undefined;
  if (plain && option !== 'as') return { type: 'string', value: dataType.name };
  return { type: 'type', dataType };
}
