import { SqlError } from '../../../commons/sql-error.js';
import type { RegKind } from '../../../types/format-context.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** to_regclass('x'): the object's oid, or null where the cast would say that there is none. Digits are a name like any other here. */
function lookUp(kind: RegKind): (name: string, cx: FunctionContext) => number | null {
  return (name, cx) => {
    try {
      return cx.format.names?.oidOf(kind, name) ?? null;
    } catch (error) {
      // Syntax errors in the name stay errors; "does not exist" and "more than one" are class 42 or 3F.
      if (error instanceof SqlError && /^(42P01|42704|42883|42725|3F000|3D000)$/.test(error.code)) return null;
      throw error;
    }
  };
}

export const registeredNameFunctions: FunctionTable = {
  scalar: {
    to_regclass: lookUp('regclass'),
    to_regtype: lookUp('regtype'),
    to_regproc: lookUp('regproc'),
    to_regprocedure: lookUp('regprocedure'),
    to_regoper: lookUp('regoper'),
    to_regoperator: lookUp('regoperator'),
    to_regrole: lookUp('regrole'),
    to_regnamespace: lookUp('regnamespace'),
    to_regcollation: lookUp('regcollation'),
  },
};
