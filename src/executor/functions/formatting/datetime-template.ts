import { templateSyntax } from './template.js';

/** In both cases; their output is the same but for names. */
const CASELESS =
  'A.D. A.M. AD AM B.C. BC CC DAY DDD DD DY D FF1 FF2 FF3 FF4 FF5 FF6 FX HH24 HH12 HH IDDD ID IW IYYY IYY IY I J MI MM MONTH MON MS OF P.M. PM ' +
  'Q RM SSSSS SSSS SS TZH TZM TZ US WW W Y,YYY YYYY YYY YY Y';
const CAPITALIZED = 'Day Dy Month Mon';

export const DATETIME_SYNTAX = templateSyntax(
  [...CASELESS.split(' '), ...CASELESS.toLowerCase().split(' '), ...CAPITALIZED.split(' ')],
  true,
);
