import type * as pg from 'libpg-query';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { integerOf, stringConstant } from './constants.js';
import { strings } from './names.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

/** A type's name with its modifiers. Names that the grammar spells itself (`integer`, `varchar(5)`) are in schema pg_catalog. */
export function dataType(typeName: pg.TypeName | undefined, reader: Reader): ast.DataTypeDef {
  const node = required(typeName, 'a type');
  const parts = strings(node.names);
  const location = reader.at(node.location);
  const type: Mutable<ast.DataTypeDef> = { name: parts.at(-1) ?? '', ...location };
  if (node.pct_type) {
    if (parts.length > 1) type.schema = parts.slice(0, -1).join('.');
    type.percentType = true;
  } else if (parts.length === 2) {
    type.schema = parts[0] ?? '';
  } else if (parts.length > 3) {
    throw new SqlError(SqlState.syntaxError, `improper qualified name (too many dotted names): ${parts.join('.')}`);
  } else if (parts.length === 3) {
    type.catalog = parts[0] ?? '';
    type.schema = parts[1] ?? '';
  }
  if (nonEmpty(node.typmods)) type.config = node.typmods.map((modifier) => typeModifier(modifier, location));
  if (nonEmpty(node.arrayBounds)) type.arrayDimensions = node.arrayBounds.length;
  if (node.setof) type.setof = true;
  return type;
}

function typeModifier(node: pg.Node, location: ast.Node): number {
  const integer = integerOf(node);
  if (integer !== undefined) return integer;
  const position = location._location?.start;
  const text = stringConstant(node);
  if (text !== undefined) {
    if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid input syntax for type integer: "${text}"`, { position });
  }
  if ('ColumnRef' in node) throw notSupported('a type modifier that is a name', { position });
  throw new SqlError(SqlState.syntaxError, 'type modifiers must be simple constants or identifiers', { position });
}
