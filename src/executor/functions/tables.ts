import { bitAggregates } from './aggregates/bits.js';
import { collectingAggregates } from './aggregates/collecting.js';
import { countAndSumAggregates } from './aggregates/count-sum.js';
import { intervalTransitions } from './aggregates/interval-transitions.js';
import { intervalAggregates } from './aggregates/intervals.js';
import { minAndMaxAggregates } from './aggregates/min-max.js';
import { regressionAggregates } from './aggregates/regression.js';
import { regressionFinals } from './aggregates/regression-finals.js';
import { statisticsAggregates } from './aggregates/statistics.js';
import { transitionFunctions } from './aggregates/transitions.js';
import { datetimeArithmetic } from './arithmetic/datetimes.js';
import { floatArithmetic } from './arithmetic/floats.js';
import { integerArithmetic } from './arithmetic/integers.js';
import { numericArithmetic } from './arithmetic/numerics.js';
import { partAssignment } from './arrays/assignment.js';
import { arrayComparisons } from './arrays/compare.js';
import { arrayFunctions } from './arrays/functions.js';
import { recordFunctions } from './arrays/records.js';
import { binaryForms } from './binary-forms.js';
import { datetimeCasts } from './casts/datetimes.js';
import { lengthCasts } from './casts/lengths.js';
import { numberCasts } from './casts/numbers.js';
import { textCasts } from './casts/texts.js';
import { datetimeComparisons } from './compare/datetimes.js';
import { floatComparisons } from './compare/floats.js';
import { integerComparisons } from './compare/integers.js';
import { otherComparisons } from './compare/others.js';
import { sortingTextComparisons } from './compare/sorting-texts.js';
import { textComparisons } from './compare/texts.js';
import { clockFunctions } from './datetime/clock.js';
import { fieldFunctions } from './datetime/fields.js';
import { makeFunctions } from './datetime/make.js';
import { enumFunctions } from './enums.js';
import { extensionTables } from './extensions/index.js';
import { datetimeFormatting } from './formatting/datetime.js';
import { numberFormatting } from './formatting/numbers.js';
import { areaFunctions } from './geometry/areas.js';
import { chainFunctions } from './geometry/chains.js';
import { pointFunctions } from './geometry/points.js';
import { hashFunctions } from './hashing/functions.js';
import { compositeHashFunctions } from './hashing/made-of-parts.js';
import { jsonAggregates } from './json/aggregates.js';
import { jsonBuilders } from './json/build.js';
import { jsonFunctions } from './json/functions.js';
import { jsonOperators } from './json/operators.js';
import { jsonPopulation } from './json/populate.js';
import { jsonPathFunctions } from './jsonpath/functions.js';
import { degreeMath } from './math/degrees.js';
import { floatMath } from './math/floats.js';
import { moneyFunctions } from './math/money.js';
import { numericMath } from './math/numerics.js';
import { randomFunctions } from './math/random.js';
import { widthBucketFunctions } from './math/width-bucket.js';
import { addressFunctions } from './network/addresses.js';
import { hexTextFunctions } from './network/hex-texts.js';
import { rangeFunctions } from './ranges/functions.js';
import { rangePredicates } from './ranges/predicates.js';
import { regexFunctions } from './regex/functions.js';
import { setFunctions } from './sets.js';
import { bitStringFunctions } from './strings/bit-strings.js';
import { byteFunctions } from './strings/bytes.js';
import { caseFunctions } from './strings/case.js';
import { concatFunctions } from './strings/concat.js';
import { editFunctions } from './strings/edit.js';
import { formatFunctions } from './strings/format.js';
import { likeFunctions } from './strings/like.js';
import { quotingFunctions } from './strings/quoting.js';
import { similarFunctions } from './strings/similar.js';
import { substringFunctions } from './strings/substring.js';
import { trimAndPadFunctions } from './strings/trim-pad.js';
import { aclFunctions } from './system/acl.js';
import { backendFunctions } from './system/backends.js';
import { catalogSetFunctions } from './system/catalog-sets.js';
import { definitionFunctions } from './system/definitions.js';
import { descriptionFunctions } from './system/descriptions.js';
import { extensionFunctions } from './system/extensions.js';
import { functionDefinitions } from './system/function-definitions.js';
import { informationSchemaFunctions } from './system/information-schema.js';
import { largeObjectFunctions } from './system/large-objects.js';
import { objectDescriptionFunctions } from './system/object-descriptions.js';
import { privilegeFunctions } from './system/privileges.js';
import { registeredNameFunctions } from './system/registered-names.js';
import { sequenceFunctions } from './system/sequences.js';
import { serverStateFunctions } from './system/server-state.js';
import { sessionFunctions } from './system/session.js';
import { sizeFunctions } from './system/sizes.js';
import { snapshotFunctions } from './system/snapshots.js';
import { statisticsFunctions } from './system/statistics-counters.js';
import { transitionTableFunctions } from './system/transition-tables.js';
import { serverFunctions } from './system/uptime.js';
import { visibilityFunctions } from './system/visibility.js';
import { waitingFunctions } from './system/waiting.js';
import type { FunctionTable } from './table.js';
import { textSearchFunctions } from './text-search/functions.js';
import { textSearchInnerQueries } from './text-search/inner-queries.js';
import { textSearchParserFunctions } from './text-search/parser-functions.js';
import { textSearchQueryFunctions } from './text-search/query-functions.js';
import { inRangeFunctions } from './window/in-range.js';

/** The tables of all subjects. Some hold state of their library, so they are made anew. */
export function functionTables(): readonly FunctionTable[] {
  return [
    integerComparisons,
    floatComparisons,
    textComparisons,
    otherComparisons,
    integerArithmetic,
    floatArithmetic,
    numericArithmetic,
    numberCasts,
    textCasts,
    lengthCasts,
    floatMath,
    degreeMath,
    numericMath,
    widthBucketFunctions,
    randomFunctions(),
    caseFunctions,
    substringFunctions,
    trimAndPadFunctions,
    editFunctions,
    concatFunctions,
    formatFunctions,
    quotingFunctions,
    likeFunctions,
    similarFunctions,
    regexFunctions,
    byteFunctions,
    datetimeFormatting,
    intervalAggregates,
    datetimeArithmetic,
    enumFunctions,
    rangePredicates,
    rangeFunctions,
    arrayComparisons,
    arrayFunctions,
    partAssignment,
    recordFunctions,
    datetimeCasts,
    datetimeComparisons,
    clockFunctions,
    fieldFunctions,
    makeFunctions,
    jsonAggregates,
    jsonBuilders,
    jsonFunctions,
    jsonOperators,
    jsonPathFunctions,
    textSearchFunctions,
    textSearchQueryFunctions,
    textSearchInnerQueries,
    statisticsFunctions,
    snapshotFunctions,
    serverStateFunctions,
    compositeHashFunctions,
    textSearchParserFunctions,
    hashFunctions,
    sortingTextComparisons,
    bitStringFunctions,
    moneyFunctions,
    addressFunctions,
    hexTextFunctions,
    pointFunctions,
    areaFunctions,
    chainFunctions,
    setFunctions,
    numberFormatting,
    countAndSumAggregates,
    minAndMaxAggregates,
    statisticsAggregates,
    transitionFunctions,
    intervalTransitions,
    regressionFinals,
    regressionAggregates,
    bitAggregates,
    collectingAggregates,
    sessionFunctions,
    serverFunctions(),
    visibilityFunctions,
    largeObjectFunctions,
    definitionFunctions,
    functionDefinitions,
    extensionFunctions,
    descriptionFunctions,
    objectDescriptionFunctions,
    registeredNameFunctions,
    sequenceFunctions,
    backendFunctions,
    waitingFunctions,
    sizeFunctions,
    privilegeFunctions,
    jsonPopulation,
    aclFunctions,
    informationSchemaFunctions,
    catalogSetFunctions,
    transitionTableFunctions,
    inRangeFunctions,
    binaryForms,
    ...extensionTables(),
  ];
}
