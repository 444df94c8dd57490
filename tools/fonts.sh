#!/bin/sh
# A Chinese font for the PDF: found, installed (as root on Debian or Ubuntu), or asked for.
set -eu
found() {
    { command -v fc-list >/dev/null && fc-list :lang=zh 2>/dev/null | grep -qi noto; } ||
        find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" /Library/Fonts \
            -iname '*Noto*CJK*' 2>/dev/null | grep -q .
}
found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing fonts-noto-cjk for the PDF answer sheet ..."
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq fonts-noto-cjk >/dev/null
fi
found && exit 0
echo "没有找到中文字体，PDF 答卷将无法生成。请安装 Noto Sans CJK（Debian/Ubuntu: sudo apt install fonts-noto-cjk；Fedora: google-noto-sans-cjk-fonts）。"
echo "No Chinese font found: the PDF answer sheet cannot be made. Install Noto Sans CJK (Debian/Ubuntu: sudo apt install fonts-noto-cjk)."
