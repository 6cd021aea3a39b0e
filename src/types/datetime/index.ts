/** The datetime room's texts: everything else is imported from the file that does it. Its life is told in codecs.ts. */
export { formatDate, formatInterval, formatTimeOfDay, formatTimestamp, formatTimestampTz, formatTimeTz } from './format.js';
export { parseDate, parseTime, parseTimestamp, parseTimestampTz, parseTimeTz } from './parse.js';
export { parseInterval } from './parse-interval.js';
