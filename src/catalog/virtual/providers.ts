import { CHARACTER_PROVIDERS } from './information-schema/characters.js';
import { COLUMN_PROVIDERS } from './information-schema/columns.js';
import { CONSTRAINT_PROVIDERS as CONSTRAINT_VIEW_PROVIDERS } from './information-schema/constraints.js';
import { PRIVILEGE_PROVIDERS } from './information-schema/privileges.js';
import { ROUTINE_PROVIDERS } from './information-schema/routines.js';
import { TABLE_PROVIDERS } from './information-schema/tables.js';
import { TRIGGER_VIEW_PROVIDERS } from './information-schema/triggers.js';
import { TYPE_VIEW_PROVIDERS } from './information-schema/types.js';
import { ATTRDEF_PROVIDERS } from './pg-catalog/attrdef.js';
import { ATTRIBUTE_PROVIDERS } from './pg-catalog/attribute.js';
import { ACCESS_PROVIDERS } from './pg-catalog/builtin-access.js';
import { FUNCTION_PROVIDERS } from './pg-catalog/builtin-functions.js';
import { CLASS_PROVIDERS } from './pg-catalog/class.js';
import { CONSTRAINT_PROVIDERS } from './pg-catalog/constraint.js';
import { DEPEND_PROVIDERS } from './pg-catalog/depend.js';
import { DESCRIPTION_PROVIDERS } from './pg-catalog/description.js';
import { EXTENSION_PROVIDERS } from './pg-catalog/extension.js';
import { FREE_STANDING_PROVIDERS } from './pg-catalog/free-standing.js';
import { INDEX_PROVIDERS } from './pg-catalog/index-catalog.js';
import { INHERITS_PROVIDERS } from './pg-catalog/inherits.js';
import { INIT_PRIVILEGE_PROVIDERS } from './pg-catalog/init-privs.js';
import { NAMESPACE_PROVIDERS } from './pg-catalog/namespace.js';
import { POLICY_PROVIDERS } from './pg-catalog/policy.js';
import { ACL_PROVIDERS } from './pg-catalog/privileges.js';
import { REWRITE_PROVIDERS } from './pg-catalog/rewrite.js';
import { ROLE_PROVIDERS } from './pg-catalog/role.js';
import { SEQUENCE_PROVIDERS } from './pg-catalog/sequence.js';
import { SESSION_PROVIDERS } from './pg-catalog/session.js';
import { STATISTICS_PROVIDERS } from './pg-catalog/statistics.js';
import { SUMMARY_PROVIDERS } from './pg-catalog/summaries.js';
import { TEXT_SEARCH_PROVIDERS } from './pg-catalog/text-search.js';
import { TIME_ZONE_PROVIDERS } from './pg-catalog/time-zone.js';
import { TRIGGER_PROVIDERS } from './pg-catalog/trigger.js';
import { TYPE_PROVIDERS } from './pg-catalog/type.js';
import type { Providers } from './scan.js';
import { SYSTEM_PROVIDERS } from './system/system.js';

/** Who makes which relation's rows. */
export const PROVIDERS: Providers = {
  ...CLASS_PROVIDERS,
  ...ATTRIBUTE_PROVIDERS,
  ...ATTRDEF_PROVIDERS,
  ...TYPE_PROVIDERS,
  ...INDEX_PROVIDERS,
  ...INIT_PRIVILEGE_PROVIDERS,
  ...CONSTRAINT_PROVIDERS,
  ...SEQUENCE_PROVIDERS,
  ...INHERITS_PROVIDERS,
  ...NAMESPACE_PROVIDERS,
  ...ROLE_PROVIDERS,
  ...DESCRIPTION_PROVIDERS,
  ...DEPEND_PROVIDERS,
  ...EXTENSION_PROVIDERS,
  ...FREE_STANDING_PROVIDERS,
  ...REWRITE_PROVIDERS,
  ...POLICY_PROVIDERS,
  ...ACL_PROVIDERS,
  ...TRIGGER_PROVIDERS,
  ...FUNCTION_PROVIDERS,
  ...ACCESS_PROVIDERS,
  ...SUMMARY_PROVIDERS,
  ...STATISTICS_PROVIDERS,
  ...SESSION_PROVIDERS,
  ...TIME_ZONE_PROVIDERS,
  ...TEXT_SEARCH_PROVIDERS,
  ...COLUMN_PROVIDERS,
  ...TABLE_PROVIDERS,
  ...TYPE_VIEW_PROVIDERS,
  ...CONSTRAINT_VIEW_PROVIDERS,
  ...TRIGGER_VIEW_PROVIDERS,
  ...PRIVILEGE_PROVIDERS,
  ...ROUTINE_PROVIDERS,
  ...CHARACTER_PROVIDERS,
  ...SYSTEM_PROVIDERS,
};
