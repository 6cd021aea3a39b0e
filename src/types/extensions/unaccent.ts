/**
 * unaccent's rules. Latin and Greek letters lose what Unicode's canonical decomposition takes off them; ligatures, squared and full-width
 * letters and the like become what their compatibility decomposition says, in the ranges below; combining marks go; and some characters
 * that Unicode does not take apart have a spelling of their own.
 */
const COMPATIBILITY_RANGES: readonly (readonly [number, number])[] = (
  'bc-be 132-133 17f 1c4-1cc 1f1-1f3 2024-2026 203c 2044 2047-2049 2100-2103 2105-2106 2109-210b 210d-210e 2110-2113 2115-2116 2119-211d 2121 ' +
  '2124 2128 212c-212d 212f-2131 2133-2134 2139 213b 2145-2149 2150-217f 2189 2215 2474-24b5 2a74-2a76 3371-3377 337a 3380-3381 3383-338b ' +
  '338e-3394 3399-339a 339c-339e 33a7 33a9-33ae 33b0-33b1 33b3-33b5 33b7-33bb 33bd-33bf 33c2-33d6 33d8-33df fb00-fb06 fe10 fe13-fe16 fe19 ' +
  'fe30 fe35-fe38 fe47-fe48 fe50 fe52 fe54-fe57 fe59-fe5c fe5f-fe66 fe68-fe6b ff01-ff5e 1f100-1f10a 1f110-1f129'
)
  .split(' ')
  .map((range) => {
    const [first = '', last = first] = range.split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
  });

/** A character, and what stands for it. */
const SPELLINGS = new Map(
  (
    "¡! ©(C) «<< \u00ad- ®(R) ±+/- »>> ¿? ÆAE ÐD ×* ØO ÞTH ßss æae ðd ÷/ øo þth ĐD đd ĦH ħh ıi ĸq ĿL ŀl ŁL łl ŉ'n ŊN ŋn ŒOE œoe " +
    'ŦT ŧt ƀb ƁB ƂB ƃb ƇC ƈc ƉD ƊD ƋD ƌd ƐE ƑF ƒf ƓG ƕhv ƖI ƗI ƘK ƙk ƚl ƝN ƞn ƢOI ƣoi ƤP ƥp ƫt ƬT ƭt ƮT ƲV ƳY ƴy ƵZ ƶz ǤG ǥg ȡd ' +
    'ȤZ ȥz ȴl ȵn ȶt ȷj ȸdb ȹqp ȺA ȻC ȼc ȽL ȾT ȿs ɀz ɃB ɄU ɆE ɇe ɈJ ɉj ɌR ɍr ɎY ɏy ɓb ɕc ɖd ɗd ɛe ɟj ɠg ɡg ɢG ɦh ɧh ɨi ɪI ɫl ɬl ɭl ' +
    "ɱm ɲn ɳn ɴN ɶOE ɼr ɽr ɾr ʀR ʂs ʈt ʉu ʋv ʏY ʐz ʑz ʙB ʛG ʜH ʝj ʟL ʠq ʣdz ʥdz ʦts ʪls ʫlz ʹ' ʺ\" ʻ' ʼ' ʽ' ˂< ˃> ˄^ ˆ^ ˈ' ˋ` " +
    'ː: ˖+ ˗- ˜~ ᴀA ᴁAE ᴃB ᴄC ᴅD ᴆD ᴇE ᴊJ ᴋK ᴌL ᴍM ᴏO ᴘP ᴛT ᴜU ᴠV ᴡW ᴢZ ᵫue ᵬb ᵭd ᵮf ᵯm ᵰn ᵱp ᵲr ᵳr ᵴs ᵵt ᵶz ᵺth ᵻI ᵽp ᵾU ᶀb ᶁd ' +
    "ᶂf ᶃg ᶄk ᶅl ᶆm ᶇn ᶈp ᶉr ᶊs ᶌv ᶍx ᶎz ᶏa ᶑd ᶒe ᶓe ᶖi ᶙu ẚa ẜs ẝs ẞSS ỺLL ỻll ỼV ỽv ỾY ỿy ‐- ‑- ‒- –- —- ―- ‖|| ‘' ’' ‚, ‛' " +
    '“" ”" „,, ‟" ′\' ″" ‹< ›> ⁅[ ⁆] ⁎* ₠CE ₢Cr ₣Fr. ₤L. ₧Pts ₹Rs ₺TL ℌx ℗(P) ℘P ℞Rx −- ∖\\ ∣| ∥|| ≪<< ≫>> ⦅(( ⦆)) ⱠL ⱡl ⱢL ⱣP ⱤR ' +
    'ⱥa ⱦt ⱧH ⱨh ⱩK ⱪk ⱫZ ⱬz ⱮM ⱱv ⱲW ⱳw ⱴv ⱸe ⱺo ⱾS ⱿZ 、, 。. 〇0 〈< 〉> 《<< 》>> 〔[ 〕] 〘[ 〙] 〚[ 〛] 〝" 〞" ㏗pH ꜰF ꜱS ꜲAA ꜳaa ꜴAO ꜵao ' +
    'ꜶAU ꜷau ꜸAV ꜹav ꜺAV ꜻav ꜼAY ꜽay ꝀK ꝁk ꝂK ꝃk ꝄK ꝅk ꝆL ꝇl ꝈL ꝉl ꝊO ꝋo ꝌO ꝍo ꝎOO ꝏoo ꝐP ꝑp ꝒP ꝓp ꝔP ꝕp ꝖQ ꝗq ꝘQ ꝙq ꝞV ꝟv ꝠVY ' +
    'ꝡvy ꝤTH ꝥth ꝦTH ꝧth ꝱd ꝲl ꝳm ꝴn ꝵr ꝶR ꝷt ꝹD ꝺd ꝻF ꝼf ꞆT ꞇt ꞐN ꞑn ꞒC ꞓc ꞠG ꞡg ꞢK ꞣk ꞤN ꞥn ꞦR ꞧr ꞨS ꞩs ꞪH ︑, ︒. ︱- ︲- ︹[ ︺] ' +
    '︽<< ︾>> ︿< ﹀> ﹑, ﹘- ﹝[ ﹞] ｟(( ｠)) ｡. ､, ￩<- ￫->'
  )
    .split(' ')
    .map((entry) => {
      const [character = ''] = entry;
      return [character, entry.slice(character.length)] as const;
    }),
);

/** A letter with marks, as one character: its singletons (the sign for \u00e5ngstr\u00f6m) stay as they are. */
const PLAIN_LETTER = /^[A-Za-z\u03b1-\u03c9\u0391-\u03a9\u0415\u0435]$/;
/** Letters that PostgreSQL's rules leave as they are. */
const LEFT_ALONE: ReadonlySet<string> = new Set('\u0400\u0450\u04d6\u04d7\u03d3\u03d4\u1e9b');
const REMOVED = /^[\u0300-\u0362\u20dd-\u20e0\u20e2-\u20e4]$/;
const MARKS = /\p{M}/gu;
const SLASHES = /[\u2044\u2215]/g;

function plainOf(character: string): string {
  const spelling = SPELLINGS.get(character);
  if (spelling !== undefined) return spelling;
  if (REMOVED.test(character)) return '';
  const code = character.codePointAt(0) ?? 0;
  if (COMPATIBILITY_RANGES.some(([first, last]) => code >= first && code <= last))
    return character.normalize('NFKD').replace(MARKS, '').replace(SLASHES, '/');
  if (LEFT_ALONE.has(character) || character.normalize('NFC') !== character) return character;
  const bare = character.normalize('NFD').replace(MARKS, '');
  return PLAIN_LETTER.test(bare) ? bare : character;
}

const FIRST_ACCENTED = 0x80;

/** A text without accents. */
export function unaccent(text: string): string {
  let result = '';
  for (const character of text) result += (character.codePointAt(0) ?? 0) < FIRST_ACCENTED ? character : plainOf(character);
  return result;
}
