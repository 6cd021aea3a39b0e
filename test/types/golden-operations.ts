import type { OperationCase } from './operation-case.js';
import { arrayCases } from './operation-cases-arrays.js';
import { datetimeCases } from './operation-cases-datetimes.js';
import { jsonCases } from './operation-cases-json.js';
import { castCases, numberCases, orderCases } from './operation-cases-scalars.js';

/** extract() takes its field as a word, not as an argument. */
function withField(operation: OperationCase): OperationCase {
  return { ...operation, sql: operation.sql.replace('#1', operation.arguments[0]?.[1] ?? '') };
}

/** In the order of golden.json's answers. */
export const operationCases: readonly OperationCase[] = [
  ...numberCases,
  ...castCases,
  ...datetimeCases,
  ...jsonCases,
  ...arrayCases,
  ...orderCases,
].map(withField);
