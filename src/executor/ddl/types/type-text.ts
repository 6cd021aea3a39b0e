import { typeName } from '../../../catalog/definitions/index.js';
import type { Oid } from '../../../commons/ids.js';
import { visibilityIn } from '../../functions/system/visibility.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** `type s.t[]`, as errors name it. */
export function typeText(oid: Oid, cx: UtilityContext): string {
  return `type ${typeName(catalogOf(cx), oid, null, visibilityIn(cx))}`;
}
