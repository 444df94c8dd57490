#!/bin/sh
# A Java for the Spark engine and its tests: found, installed (as root on Debian or Ubuntu), or asked for.
set -eu
found() {
    java=java
    [ -z "${JAVA_HOME:-}" ] || java="$JAVA_HOME/bin/java"
    version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${version:-0}" -ge 17 ]
}
found && exit 0
if [ "$(id -u)" = 0 ] && [ -z "${JAVA_HOME:-}" ] && command -v apt-get >/dev/null; then
    echo "Installing default-jre-headless for the Spark engine ..."
    if apt-get update -qq >/dev/null; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq default-jre-headless >/dev/null || true
    fi
fi
found && exit 0
echo "没有找到 Java 17 或更新版本，--engine spark 及其测试不能运行，其余不受影响。请安装（Debian/Ubuntu: sudo apt install openjdk-17-jre-headless；Fedora: java-17-openjdk-headless）。"
echo "No Java 17 or newer found: --engine spark and its tests cannot run, all else can. Install one (Debian/Ubuntu: sudo apt install openjdk-17-jre-headless; Fedora: java-17-openjdk-headless)."
