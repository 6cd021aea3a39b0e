/** How PostgreSQL 15's conversions differ from a decoder of the platform. Codes are hexadecimal. */
export interface MultiByteTable {
  /** A label of the Encoding Standard. */
  readonly decoder: string;
  /** Ranges of codes that are nothing. */
  readonly without: string;
  /** Codes that are another character: `code` and character. */
  readonly instead: string;
  /** Characters that several codes are, and that do not go back to the lowest of them. */
  readonly back: string;
}

export const MULTI_BYTE: Readonly<Record<string, MultiByteTable>> = {
  EUC_JP: {
    decoder: 'euc-jp',
    without: '80-9f 8ee0-8ee2 f9a1-fcfe 8fa2b7-8fa2b7 8ff3a1-8ff3b7',
    instead:
      '8fa2c3￤ 8ff3f3ⅰ 8ff3f4ⅱ 8ff3f5ⅲ 8ff3f6ⅳ 8ff3f7ⅴ 8ff3f8ⅵ 8ff3f9ⅶ 8ff3faⅷ 8ff3fbⅸ 8ff3fcⅹ 8ff3fdⅠ 8ff3feⅡ 8ff4a1Ⅲ 8ff4a2Ⅳ 8ff4a3Ⅴ 8ff4a4Ⅵ 8ff4a5Ⅶ 8ff4a6Ⅷ 8ff4a7Ⅸ 8ff4a8Ⅹ 8ff4a9＇ 8ff4aa＂ 8ff4ab㈱ 8ff4ac№ 8ff4ad℡ 8ff4ae炻 8ff4af仼 8ff4b0僴 8ff4b1凬 8ff4b2匇 8ff4b3匤 8ff4b4﨎 8ff4b5咊 8ff4b6坙 8ff4b7﨏 8ff4b8塚 8ff4b9增 8ff4ba寬 8ff4bb峵 8ff4bc嵓 8ff4bd﨑 8ff4be德 8ff4bf悅 8ff4c0愠 8ff4c1敎 8ff4c2昻 8ff4c3晥 8ff4c4晴 8ff4c5朗 8ff4c6栁 8ff4c7﨓 8ff4c8﨔 8ff4c9橫 8ff4ca櫢 8ff4cb淸 8ff4cc淲 8ff4cd瀨 8ff4ce凞 8ff4cf猪 8ff4d0甁 8ff4d1皂 8ff4d2皞 8ff4d3益 8ff4d4礰 8ff4d5礼 8ff4d6神 8ff4d7祥 8ff4d8福 8ff4d9竧 8ff4da靖 8ff4db精 8ff4dc綠 8ff4dd緖 8ff4de羽 8ff4df荢 8ff4e0﨟 8ff4e1薰 8ff4e2蘒 8ff4e3﨡 8ff4e4蠇 8ff4e5諸 8ff4e6譿 8ff4e7賴 8ff4e8赶 8ff4e9﨣 8ff4ea﨤 8ff4eb逸 8ff4ec郞 8ff4ed都 8ff4ee鄕 8ff4ef﨧 8ff4f0﨨 8ff4f1閒 8ff4f2隆 8ff4f3﨩 8ff4f4霻 8ff4f5靍 8ff4f6靑 8ff4f7飯 8ff4f8飼 8ff4f9館 8ff4fa馞 8ff4fb髙 8ff4fc魲 8ff4fd鶴 8ff4fe黑',
    back: '8fa2c3¦ adb5Ⅰ adb6Ⅱ adb7Ⅲ adb8Ⅳ adb9Ⅴ adbaⅥ adbbⅦ adbcⅧ adbdⅨ adbeⅩ ade2№ ade4℡ adea㈱',
  },
  SJIS: {
    decoder: 'shift_jis',
    without: 'f040-f9fc',
    instead: '',
    back: '5c¥ 7e‾ 8160〜 8161‖ 817c− 8191¢ 8192£ 81ca¬ fa40ⅰ fa41ⅱ fa42ⅲ fa43ⅳ fa44ⅴ fa45ⅵ fa46ⅶ fa47ⅷ fa48ⅸ fa49ⅹ fa4aⅠ fa4bⅡ fa4cⅢ fa4dⅣ fa4eⅤ fa4fⅥ fa50Ⅶ fa51Ⅷ fa52Ⅸ fa53Ⅹ fa55￤ fa56＇ fa57＂ fa58㈱ fa59№ fa5a℡ fa5c纊 fa5d褜 fa5e鍈 fa5f銈 fa60蓜 fa61俉 fa62炻 fa63昱 fa64棈 fa65鋹 fa66曻 fa67彅 fa68丨 fa69仡 fa6a仼 fa6b伀 fa6c伃 fa6d伹 fa6e佖 fa6f侒 fa70侊 fa71侚 fa72侔 fa73俍 fa74偀 fa75倢 fa76俿 fa77倞 fa78偆 fa79偰 fa7a偂 fa7b傔 fa7c僴 fa7d僘 fa7e兊 fa80兤 fa81冝 fa82冾 fa83凬 fa84刕 fa85劜 fa86劦 fa87勀 fa88勛 fa89匀 fa8a匇 fa8b匤 fa8c卲 fa8d厓 fa8e厲 fa8f叝 fa90﨎 fa91咜 fa92咊 fa93咩 fa94哿 fa95喆 fa96坙 fa97坥 fa98垬 fa99埈 fa9a埇 fa9b﨏 fa9c塚 fa9d增 fa9e墲 fa9f夋 faa0奓 faa1奛 faa2奝 faa3奣 faa4妤 faa5妺 faa6孖 faa7寀 faa8甯 faa9寘 faaa寬 faab尞 faac岦 faad岺 faae峵 faaf崧 fab0嵓 fab1﨑 fab2嵂 fab3嵭 fab4嶸 fab5嶹 fab6巐 fab7弡 fab8弴 fab9彧 faba德 fabb忞 fabc恝 fabd悅 fabe悊 fabf惞 fac0惕 fac1愠 fac2惲 fac3愑 fac4愷 fac5愰 fac6憘 fac7戓 fac8抦 fac9揵 faca摠 facb撝 facc擎 facd敎 face昀 facf昕 fad0昻 fad1昉 fad2昮 fad3昞 fad4昤 fad5晥 fad6晗 fad7晙 fad8晴 fad9晳 fada暙 fadb暠 fadc暲 fadd暿 fade曺 fadf朎 fae0朗 fae1杦 fae2枻 fae3桒 fae4柀 fae5栁 fae6桄 fae7棏 fae8﨓 fae9楨 faea﨔 faeb榘 faec槢 faed樰 faee橫 faef橆 faf0橳 faf1橾 faf2櫢 faf3櫤 faf4毖 faf5氿 faf6汜 faf7沆 faf8汯 faf9泚 fafa洄 fafb涇 fafc浯 fb40涖 fb41涬 fb42淏 fb43淸 fb44淲 fb45淼 fb46渹 fb47湜 fb48渧 fb49渼 fb4a溿 fb4b澈 fb4c澵 fb4d濵 fb4e瀅 fb4f瀇 fb50瀨 fb51炅 fb52炫 fb53焏 fb54焄 fb55煜 fb56煆 fb57煇 fb58凞 fb59燁 fb5a燾 fb5b犱 fb5c犾 fb5d猤 fb5e猪 fb5f獷 fb60玽 fb61珉 fb62珖 fb63珣 fb64珒 fb65琇 fb66珵 fb67琦 fb68琪 fb69琩 fb6a琮 fb6b瑢 fb6c璉 fb6d璟 fb6e甁 fb6f畯 fb70皂 fb71皜 fb72皞 fb73皛 fb74皦 fb75益 fb76睆 fb77劯 fb78砡 fb79硎 fb7a硤 fb7b硺 fb7c礰 fb7d礼 fb7e神 fb80祥 fb81禔 fb82福 fb83禛 fb84竑 fb85竧 fb86靖 fb87竫 fb88箞 fb89精 fb8a絈 fb8b絜 fb8c綷 fb8d綠 fb8e緖 fb8f繒 fb90罇 fb91羡 fb92羽 fb93茁 fb94荢 fb95荿 fb96菇 fb97菶 fb98葈 fb99蒴 fb9a蕓 fb9b蕙 fb9c蕫 fb9d﨟 fb9e薰 fb9f蘒 fba0﨡 fba1蠇 fba2裵 fba3訒 fba4訷 fba5詹 fba6誧 fba7誾 fba8諟 fba9諸 fbaa諶 fbab譓 fbac譿 fbad賰 fbae賴 fbaf贒 fbb0赶 fbb1﨣 fbb2軏 fbb3﨤 fbb4逸 fbb5遧 fbb6郞 fbb7都 fbb8鄕 fbb9鄧 fbba釚 fbbb釗 fbbc釞 fbbd釭 fbbe釮 fbbf釤 fbc0釥 fbc1鈆 fbc2鈐 fbc3鈊 fbc4鈺 fbc5鉀 fbc6鈼 fbc7鉎 fbc8鉙 fbc9鉑 fbca鈹 fbcb鉧 fbcc銧 fbcd鉷 fbce鉸 fbcf鋧 fbd0鋗 fbd1鋙 fbd2鋐 fbd3﨧 fbd4鋕 fbd5鋠 fbd6鋓 fbd7錥 fbd8錡 fbd9鋻 fbda﨨 fbdb錞 fbdc鋿 fbdd錝 fbde錂 fbdf鍰 fbe0鍗 fbe1鎤 fbe2鏆 fbe3鏞 fbe4鏸 fbe5鐱 fbe6鑅 fbe7鑈 fbe8閒 fbe9隆 fbea﨩 fbeb隝 fbec隯 fbed霳 fbee霻 fbef靃 fbf0靍 fbf1靏 fbf2靑 fbf3靕 fbf4顗 fbf5顥 fbf6飯 fbf7飼 fbf8餧 fbf9館 fbfa馞 fbfb驎 fbfc髙 fc40髜 fc41魵 fc42魲 fc43鮏 fc44鮱 fc45鮻 fc46鰀 fc47鵰 fc48鵫 fc49鶴 fc4a鸙 fc4b黑',
  },
  EUC_KR: {
    decoder: 'euc-kr',
    without: '80-9f c9a1-c9fe fea1-fefe',
    instead: 'a2e6€ a2e7® a2e8㉾',
    back: '',
  },
  GBK: {
    decoder: 'gbk',
    without:
      '80-ff a140-a1a0 a240-a2a0 a2ab-a2b0 a2e3-a2e4 a2ef-a2f0 a2fd-a3a0 a440-a4a0 a4f4-a5a0 a5f7-a6a0 a6b9-a6c0 a6d9-a6df a6ec-a6ed a6f3-a6f3 a6f6-a7a0 a7c2-a7d0 a7f2-a7fe a896-a8a0 a8bc-a8bc a8bf-a8bf a8c1-a8c4 a8ea-a8fe a958-a958 a95b-a95b a95d-a95f a989-a995 a997-a9a3 a9f0-a9fe aaa1-aafe aba1-abfe aca1-acfe ada1-adfe aea1-aefe afa1-affe d7fa-d7fe f8a1-f8fe f9a1-f9fe faa1-fafe fba1-fbfe fca1-fcfe fda1-fdfe fe50-fefe',
    instead: '',
    back: '80€',
  },
  GB18030: {
    decoder: 'gb18030',
    without: '80-80',
    instead:
      'a3a0\ue5e5 a6d9\ue78d a6da\ue78e a6db\ue78f a6dc\ue790 a6dd\ue791 a6de\ue792 a6df\ue793 a6ec\ue794 a6ed\ue795 a6f3\ue796 a8bc\ue7c7 fe59\ue81e fe61\ue826 fe66\ue82b fe67\ue82c fe6d\ue832 fe7e\ue843 fe90\ue854 fea0\ue864',
    back: '',
  },
  BIG5: {
    decoder: 'big5',
    without: '80-a0fe a3e1-a3e1 c7fd-c8fe f9dd-fefe',
    instead:
      'a145• a14e､ a15a� a1c2‾ a1c3� a1c5� a1e3∼ a1f2♁ a1f3☉ a1fe� a240� a241／ a242＼ a244¥ a246¢ a247£ a2cc� a2ce� c6a1ヾ c6a2ゝ c6a3ゞ c6a4々 c6a5ぁ c6a6あ c6a7ぃ c6a8い c6a9ぅ c6aaう c6abぇ c6acえ c6adぉ c6aeお c6afか c6b0が c6b1き c6b2ぎ c6b3く c6b4ぐ c6b5け c6b6げ c6b7こ c6b8ご c6b9さ c6baざ c6bbし c6bcじ c6bdす c6beず c6bfせ c6c0ぜ c6c1そ c6c2ぞ c6c3た c6c4だ c6c5ち c6c6ぢ c6c7っ c6c8つ c6c9づ c6caて c6cbで c6ccと c6cdど c6ceな c6cfに c6d0ぬ c6d1ね c6d2の c6d3は c6d4ば c6d5ぱ c6d6ひ c6d7び c6d8ぴ c6d9ふ c6daぶ c6dbぷ c6dcへ c6ddべ c6deぺ c6dfほ c6e0ぼ c6e1ぽ c6e2ま c6e3み c6e4む c6e5め c6e6も c6e7ゃ c6e8や c6e9ゅ c6eaゆ c6ebょ c6ecよ c6edら c6eeり c6efる c6f0れ c6f1ろ c6f2ゎ c6f3わ c6f4ゐ c6f5ゑ c6f6を c6f7ん c6f8ァ c6f9ア c6faィ c6fbイ c6fcゥ c6fdウ c6feェ c740エ c741ォ c742オ c743カ c744ガ c745キ c746ギ c747ク c748グ c749ケ c74aゲ c74bコ c74cゴ c74dサ c74eザ c74fシ c750ジ c751ス c752ズ c753セ c754ゼ c755ソ c756ゾ c757タ c758ダ c759チ c75aヂ c75bッ c75cツ c75dヅ c75eテ c75fデ c760ト c761ド c762ナ c763ニ c764ヌ c765ネ c766ノ c767ハ c768バ c769パ c76aヒ c76bビ c76cピ c76dフ c76eブ c76fプ c770ヘ c771ベ c772ペ c773ホ c774ボ c775ポ c776マ c777ミ c778ム c779メ c77aモ c77bャ c77cヤ c77dュ c77eユ c7a1ョ c7a2ヨ c7a3ラ c7a4リ c7a5ル c7a6レ c7a7ロ c7a8ヮ c7a9ワ c7aaヰ c7abヱ c7acヲ c7adン c7aeヴ c7afヵ c7b0ヶ c7b1Д c7b2Е c7b3Ё c7b4Ж c7b5З c7b6И c7b7Й c7b8К c7b9Л c7baМ c7bbУ c7bcФ c7bdХ c7beЦ c7bfЧ c7c0Ш c7c1Щ c7c2Ъ c7c3Ы c7c4Ь c7c5Э c7c6Ю c7c7Я c7c8а c7c9б c7caв c7cbг c7ccд c7cdе c7ceё c7cfж c7d0з c7d1и c7d2й c7d3к c7d4л c7d5м c7d6н c7d7о c7d8п c7d9р c7daс c7dbт c7dcу c7ddф c7deх c7dfц c7e0ч c7e1ш c7e2щ c7e3ъ c7e4ы c7e5ь c7e6э c7e7ю c7e8я c7e9① c7ea② c7eb③ c7ec④ c7ed⑤ c7ee⑥ c7ef⑦ c7f0⑧ c7f1⑨ c7f2⑩ c7f3⑴ c7f4⑵ c7f5⑶ c7f6⑷ c7f7⑸ c7f8⑹ c7f9⑺ c7fa⑻ c7fb⑼ c7fc⑽',
    back: '',
  },
  EUC_CN: {
    decoder: 'gbk',
    without:
      'a2a1-a2b0 a2e3-a2e4 a2ef-a2f0 a2fd-a2fe a4f4-a4fe a5f7-a5fe a6b9-a6c0 a6d9-a6fe a7c2-a7d0 a7f2-a7fe a8bb-a8c4 a8ea-a9a3 a9f0-affe d7fa-d7fe f8a1-fefe',
    instead: 'a1a4・ a1aa―',
    back: '',
  },
};
