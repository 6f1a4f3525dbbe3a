//! Names of people: common surnames and given names, each combination once.

use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use std::collections::HashSet;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文";
const FIRST: &str = "建志文国晓海俊明永春家振立宏天丽秀雪美小玉慧佳雅思淑婷颖静";
const SECOND: &str = "华平军强伟东林峰涛斌杰辉刚勇波宇超健芳敏燕娟霞萍红梅琳洁莉倩怡";
const ONE: &str = "磊洋勇艳杰娟涛超霞刚鹏浩敏静宁帆晨蕾琪";

/// Gives names, none twice.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<String>);

impl Names {
    pub(crate) fn next(&mut self, rng: &mut ChaCha12Rng) -> String {
        loop {
            let name = any(rng);
            if self.0.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// A name that somebody may bear.
pub(crate) fn any(rng: &mut ChaCha12Rng) -> String {
    let mut name = String::from(pick(SURNAMES, rng));
    if rng.random_bool(0.2) {
        name.push(pick(ONE, rng));
    } else {
        name.push(pick(FIRST, rng));
        name.push(pick(SECOND, rng));
    }
    name
}

fn pick(of: &str, rng: &mut ChaCha12Rng) -> char {
    let i = rng.random_range(0..of.chars().count());
    of.chars().nth(i).unwrap_or('王')
}
