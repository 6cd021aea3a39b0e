import { booleanIn, codeIn, type DataRow, optionalTextIn, optionalTextsIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinSetting } from '../types.js';

function decode(row: DataRow): BuiltinSetting {
  return {
    name: textIn(row[0]),
    bootValue: optionalTextIn(row[1]),
    unit: optionalTextIn(row[2]),
    category: textIn(row[3]),
    context: codeIn(row[4]),
    type: codeIn(row[5]),
    minimum: optionalTextIn(row[6]),
    maximum: optionalTextIn(row[7]),
    enumValues: optionalTextsIn(row[8]),
    reported: booleanIn(row[9]),
  };
}

/** pg_settings of a server that nobody has configured. */
export class SettingTable {
  readonly rows: readonly BuiltinSetting[] = Object.freeze(
    readDataFile('settings', 'name boot_val unit category context vartype min_val max_val enumvals reported').map(decode),
  );
}
