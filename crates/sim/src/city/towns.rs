//! The eleven streets and towns of Qingpu District and what is in them.
//!
//! Codes and names are official (data/territory/divisions.tsv); middles are approximate; roads, estates and places
//! are made up or moved, so that nobody's real shop or door appears in a demonstration.

/// A street or town.
#[derive(Debug)]
pub struct Town {
    /// Nine digits.
    pub code: &'static str,
    /// Name with 街道 or 镇.
    pub name: &'static str,
    /// Letters in names of grids.
    pub letters: &'static str,
    /// Letters in sign-in names.
    pub pinyin: &'static str,
    /// Degrees east and north of about its middle.
    pub(crate) middle: (f64, f64),
    /// How far it reaches, metres.
    pub(crate) reach_m: f64,
    /// Grids.
    pub(crate) grids: usize,
    /// Share of reports, in proportion to the others.
    pub weight: f64,
    /// Roads.
    pub(crate) roads: &'static [&'static str],
    /// Stems of names of estates.
    pub(crate) estates: &'static [&'static str],
    /// Rivers.
    pub(crate) rivers: &'static [&'static str],
    /// Building sites.
    pub(crate) sites: &'static [&'static str],
}

impl Town {
    /// Name without 街道 or 镇.
    #[must_use]
    pub fn short(&self) -> &'static str {
        self.name.trim_end_matches("街道").trim_end_matches('镇')
    }
}

macro_rules! towns {
    ($($code:literal $name:literal $letters:literal $pinyin:literal ($lng:literal, $lat:literal) $reach:literal $grids:literal $weight:literal
        [$($road:literal)*] [$($estate:literal)*] [$($river:literal)*] [$($site:literal)*];)*) => {
        /// All of them, by code.
        pub const TOWNS: &[Town] = &[$(Town {
            code: $code, name: $name, letters: $letters, pinyin: $pinyin, middle: ($lng, $lat), reach_m: $reach,
            grids: $grids, weight: $weight, roads: &[$($road),*], estates: &[$($estate),*], rivers: &[$($river),*],
            sites: &[$($site),*],
        },)*];
    };
}

towns! {
    "310118001" "夏阳街道" "XY" "xiayang" (121.119, 31.139) 4800.0 25 1.3
        ["青安路" "夏阳湖路" "章浜路" "公园东路" "华科路" "青浦大道" "枫泾浜路" "王仙路" "塔湾南路" "城南环路"]
        ["夏阳" "章浜" "青平" "华浦" "枫桥" "南门" "塔湾" "仓桥"]
        ["夏阳河" "章浜河" "青平塘"]
        ["夏阳湖商务楼工地" "华科路安置房工地" "枫泾浜路雨污管网工地"];
    "310118002" "盈浦街道" "YP" "yingpu" (121.104, 31.158) 4500.0 23 1.2
        ["盈港中路" "城中西路" "浩泽路" "三元河路" "盈清路" "万寿街" "海盈路" "庆华路" "西环城路" "解放桥路"]
        ["庆华" "万寿" "三元" "盈联" "西部" "浩泽" "解放" "龙威"]
        ["三元河" "盈港河" "东大盈港支河"]
        ["盈港商业广场改建工地" "三元河路旧改工地" "海盈路小学扩建工地"];
    "310118003" "香花桥街道" "XH" "xianghuaqiao" (121.129, 31.196) 5600.0 26 1.1
        ["香大东路" "新桥浜路" "天一北路" "大盈新路" "漕盈北路" "金米路" "民惠路" "胜利路" "青赵公路" "郏店路"]
        ["香花" "民惠" "胜利" "大盈" "郏店" "金米" "天一" "石西"]
        ["香花浜" "新通波塘支河" "郏店河"]
        ["民惠保障房四期工地" "天一北路厂房工地" "金米路蓄水池工地"];
    "310118102" "朱家角镇" "ZJ" "zhujiajiao" (121.053, 31.108) 8400.0 28 1.0
        ["漕平路" "珠溪西路" "祥凝浜南路" "淀峰路" "康业东路" "新风路" "沙家埭路" "课植园西路" "朱枫北路" "复兴桥路"]
        ["珠溪" "淀峰" "康业" "祥凝浜" "东湖街" "西湖" "沙家埭" "新胜"]
        ["漕港河支河" "淀峰港" "祥凝浜"]
        ["珠溪西路酒店工地" "淀峰路污水泵站工地" "康业东路幼儿园工地"];
    "310118103" "练塘镇" "LT" "liantang" (121.042, 31.013) 7600.0 24 0.5
        ["练新东路" "茭白园路" "章练塘路" "文化弄路" "泖甸路" "蒸夏南路" "蒸浦路" "太北路" "东厍路" "双菱路"]
        ["章练" "泖甸" "双菱" "东厍" "蒸淀" "茭乡" "老街" "太北"]
        ["泖甸港" "蒸浦河" "双菱塘"]
        ["练新东路卫生院工地" "蒸夏南路道路拓宽工地"];
    "310118104" "金泽镇" "JZ" "jinze" (120.915, 31.036) 8600.0 24 0.5
        ["金中路" "莲盛东路" "培爱路" "商榻北路" "雪米路" "金溪湾路" "钱盛路" "育新路" "任屯路" "西岑新路"]
        ["金溪" "莲盛" "商榻" "西岑" "任屯" "雪米" "培爱" "钱盛"]
        ["金溪湾" "商榻港" "任屯塘"]
        ["西岑科创路配套工地" "莲盛东路民宿改建工地" "水乡客厅示意标段工地"];
    "310118105" "赵巷镇" "ZX" "zhaoxiang" (121.192, 31.154) 4400.0 22 0.9
        ["嘉松中路辅道" "业辉路" "巷佳路" "置旺路" "镇中东路" "沪青平辅路" "新通北路" "秀泽路" "垂姚路" "和瑞路"]
        ["巷佳" "秀泽" "和瑞" "垂姚" "业辉" "新镇" "赵中" "置旺"]
        ["秀泽河" "垂姚浜" "新通河"]
        ["业辉路商务楼工地" "秀泽路住宅二期工地" "置旺路停车楼工地"];
    "310118106" "徐泾镇" "XJ" "xujing" (121.267, 31.178) 5000.0 26 1.6
        ["徐民东路" "盈港东辅路" "诸光南路" "高泾东路" "崧泽辅道" "京华北路" "前云路" "明珠东路" "蟠龙西路" "双联北路"]
        ["徐民" "高泾" "京华" "前云" "蟠龙" "明珠" "双联" "民主"]
        ["蟠龙港支河" "高泾浜" "诸陆河"]
        ["诸光南路会展酒店工地" "蟠龙西路住宅工地" "高泾东路学校工地" "徐民东路管线工地"];
    "310118107" "华新镇" "HX" "huaxin" (121.234, 31.243) 5400.0 24 1.4
        ["新凤中路辅道" "华志东路" "纪鹤辅路" "嵩山北路" "华腾路" "凤溪新路" "芦蔡南路" "新府路" "秀龙路" "坚强路"]
        ["华志" "凤溪" "嵩山" "芦蔡" "新府" "秀龙" "坚强" "华腾"]
        ["凤溪塘" "芦蔡浜" "秀龙河"]
        ["华腾路物流园工地" "凤溪新路安置房工地" "新府路文体中心工地"];
    "310118109" "重固镇" "CG" "chonggu" (121.189, 31.205) 4000.0 20 0.6
        ["重固大街" "福泉山东路" "赵重辅路" "郏一路" "北青辅道" "回龙路" "毛家角路" "章堰路" "徐姚路" "通波路"]
        ["福泉" "章堰" "回龙" "毛家角" "徐姚" "通波" "郏一" "新联"]
        ["通波塘支河" "章堰泾" "回龙浜"]
        ["福泉山东路遗址公园配套工地" "回龙路住宅工地"];
    "310118110" "白鹤镇" "BH" "baihe" (121.145, 31.268) 5600.0 22 0.7
        ["鹤祥东路" "外青松辅道" "白石路" "赵屯新街" "草莓园路" "大盈北路" "沈联路" "鹤吉路" "王泾路" "梅桥路"]
        ["鹤祥" "赵屯" "沈联" "王泾" "梅桥" "白石" "鹤吉" "青龙"]
        ["吴淞江支河" "王泾浜" "梅桥港"]
        ["鹤祥东路农贸市场改建工地" "沈联路厂房工地"];
}
