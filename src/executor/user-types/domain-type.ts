import type { DomainDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import { applyTypmod, codecFor } from '../../types/type-codec.js';
import type { UserType } from '../../types/user-types.js';
import type { SqlValue } from '../../types/value.js';
import { PlanningContext } from '../constant-evaluator.js';
import { compileDomainCheck, type DomainTest } from './domain-checks.js';
import type { TypeEnvironment } from './session-types.js';

/**
 * Values are those of the base type that pass the checks.
 *
 * @param schema the name of its schema, for errors
 */
export function domainType(domain: DomainDescriptor, name: string, schema: string, environment: TypeEnvironment): UserType {
  const base = codecFor(domain.baseType);
  if (base === undefined) throw new SqlError(SqlState.featureNotSupported, `a domain over the type of ${name} is not supported yet`);
  const fitTo = domain.typmod < 0 ? undefined : applyTypmod(domain.baseType, domain.typmod, false);
  let tests: readonly { readonly name: string; readonly passes: DomainTest }[] | undefined;
  const compile = () => {
    const cx = new PlanningContext(environment.format());
    return [...domain.checks]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((check) => ({
        name: check.name,
        passes: compileDomainCheck(domain, check, environment.planner(), environment.library, cx, environment.context),
      }));
  };
  const check = (value: SqlValue, cx: FormatContext, as = name): SqlValue => {
    // A domain over a domain keeps the rules of that too, and those first.
    cx.userTypes?.find(domain.baseType)?.check?.(value, cx, as);
    if (value === null && domain.notNull) {
      throw new SqlError(SqlState.notNullViolation, `domain ${as} does not allow null values`, { schema, dataType: domain.name });
    }
    tests ??= compile();
    for (const test of tests) {
      if (!test.passes(value)) {
        throw new SqlError(SqlState.checkViolation, `value for domain ${as} violates check constraint "${test.name}"`, {
          schema,
          dataType: domain.name,
          constraint: test.name,
        });
      }
    }
    return value;
  };
  const fitted = (value: SqlValue): SqlValue => (fitTo === undefined || value === null ? value : fitTo(value));
  return {
    form: 'domain',
    over: domain.baseType,
    typmod: domain.typmod,
    oid: domain.oid,
    name,
    check,
    input: (text, cx) => check(fitted(base.input(text, cx, domain.typmod)), cx),
    output: (value, cx) => base.output(value, cx),
    ...(base.send && { send: base.send }),
    ...(base.receive && {
      receive: (bytes: Uint8Array, cx: FormatContext) => check(fitted(base.receive?.(bytes, cx, domain.typmod) ?? null), cx),
    }),
    ...(base.compare && { compare: base.compare }),
    ...(base.hashKey && { hashKey: base.hashKey }),
  };
}
