import { SqlState } from '../../../commons/sqlstates.js';
import type { DiagnosticItem, PlStatement } from './ast.js';
import type { BodyReader } from './body-reader.js';

/** Whether an item belongs to GET STACKED or to GET CURRENT; both: either. */
const ITEMS: Readonly<Record<DiagnosticItem, 'current' | 'stacked' | 'both'>> = {
  row_count: 'current',
  pg_context: 'both',
  pg_exception_context: 'stacked',
  pg_exception_detail: 'stacked',
  pg_exception_hint: 'stacked',
  returned_sqlstate: 'stacked',
  column_name: 'stacked',
  constraint_name: 'stacked',
  pg_datatype_name: 'stacked',
  message_text: 'stacked',
  table_name: 'stacked',
  schema_name: 'stacked',
};

function isItem(word: string): word is DiagnosticItem {
  return Object.hasOwn(ITEMS, word);
}

export function readDiagnostics(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  const { start } = stream.current;
  const stacked = reader.isKeyword(stream.peek(), 'stacked');
  if (stacked || reader.isKeyword(stream.peek(), 'current')) stream.next();
  reader.expect('diagnostics');
  const items: { target: number; item: DiagnosticItem }[] = [];
  do {
    const target = reader.variable();
    const { datum } = target;
    if (datum.kind === 'record' || datum.kind === 'list') {
      throw stream.error(SqlState.syntaxError, `"${target.text}" is not a scalar variable`, target.start);
    }
    reader.requireAssignable(datum, target.start);
    if (!reader.accept('=') && !reader.accept(':=')) {
      stream.next();
      throw stream.syntaxError();
    }
    const token = stream.next();
    if (token.kind !== 'word' || !isItem(token.text)) throw stream.syntaxError('unrecognized GET DIAGNOSTICS item');
    items.push({ target: datum.number, item: token.text });
  } while (reader.accept(','));
  reader.expect(';');
  for (const { item } of items) {
    const belongs = ITEMS[item];
    if (belongs === 'both' || (belongs === 'stacked') === stacked) continue;
    const which = stacked ? 'STACKED' : 'CURRENT';
    throw stream.error(SqlState.syntaxError, `diagnostics item ${item.toUpperCase()} is not allowed in GET ${which} DIAGNOSTICS`, start);
  }
  return { kind: 'get diagnostics', line, stacked, items };
}
