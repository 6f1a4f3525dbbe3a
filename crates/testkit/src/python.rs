//! Other people's programs in Python, each in a virtual environment of its own: clients and servers that prove what we
//! say of protocols.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a program says when it is given these words.
///
/// # Panics
/// With what it says of itself, when it fails.
#[must_use]
pub fn python_says(python: &Path, program: &str, asked: &str) -> String {
    let mut child = Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A Python in which `module` of the pinned `package` (with options of pip before it) is there. Kept in `home` (a test's `CARGO_TARGET_TMPDIR`), so
/// that only the first run installs it.
///
/// # Panics
/// With what is missing, when it cannot be installed.
#[must_use]
pub fn python(home: &Path, package: &str, module: &str) -> PathBuf {
    let folder = home.join(format!("python-{module}"));
    let python = folder.join("bin/python");
    std::fs::create_dir_all(home).unwrap();
    // Tests run beside each other, in processes of their own.
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let there = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if there.is_ok_and(|out| out.status.success()) {
        return python;
    }
    run(
        "python3 with venv (Debian: apt-get install python3-venv)",
        "python3",
        &["-m", "venv", "--clear"],
        &folder,
    );
    let mut install = vec!["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    install.extend(package.split(' '));
    run("the network or a PyPI mirror for pip", &python, &install, "");
    python
}

fn run(needed: &str, program: impl AsRef<Path>, arguments: &[&str], last: impl AsRef<Path>) {
    let mut command = Command::new(program.as_ref());
    command.args(arguments);
    if last.as_ref() != Path::new("") {
        command.arg(last.as_ref());
    }
    let said = match command.output() {
        Ok(out) if out.status.success() => return,
        Ok(out) => String::from_utf8_lossy(&out.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    panic!("this test needs {needed}: {said}");
}

/// Serves a bucket until its standard input ends, and says where.
const STORAGE: &str = r#"
import sys, boto3
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()
boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="key",
             aws_secret_access_key="secret").create_bucket(Bucket="lianzhi")
print(url, flush=True)
sys.stdin.read()
"#;

/// S3-compatible storage (moto) with the bucket `lianzhi`; ends when dropped.
#[derive(Debug)]
pub struct Storage {
    /// Its address.
    pub url: String,
    server: Child,
}

impl Storage {
    /// Starts one.
    #[must_use]
    pub fn start(home: &Path) -> Storage {
        let python = python(home, "moto[server,s3]==5.2.1", "moto");
        let mut server = Command::new(python)
            .args(["-c", STORAGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
        assert!(url.starts_with("http://"), "the storage did not start");
        Storage { url: url.trim().to_owned(), server }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
