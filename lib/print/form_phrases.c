/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this software writes into manifests, in the language of the form. Manifests carry fixed English sentences; only a
 * text that is exactly one of them is rendered, anything else stays as it stands.
 */
#include "print/form.h"

/* '%' stands for whatever the sentence was filled with; it is kept. Longer starts first. */
static const struct axev__sentence sentences[] = {
	/* methods and how an object was made */
	{ "files read once, byte for byte", "逐字节读取文件，每个文件只读一遍" },
	{ "page shown by a browser, bytes taken from its connections",
	  "由浏览器打开并显示网页，数据取自浏览器的网络连接" },
	{ "read % rows, not all of them", "读取 % 行，未读完" },
	{ "read % rows", "读取 % 行" },
	{ "rows do not lie in the order of their key: read again, sorted", "各行并非按键的顺序存放：排序后重新读取" },
	{ "reading ended after % rows: %", "读取 % 行后中断：%" },
	{ "not read: reading had ended before", "未读取：此前读取已中断" },
	{ "not read: %", "未读取：%" },
	{ "not checked: reading had ended before", "未核对：此前读取已中断" },
	{ "all rows were read, and not counted again: %", "各行均已读取，未再次计数：%" },
	{ "session settings", "会话设置" },
	{ "lengths of values", "取值长度" },
	{ "% long values read in slices, before the rows", "% 个长值在读取各行之前分段读取" },
	{ "cells of a record set shown, all others as digests", "出示记录集的部分单元格，其余以摘要代替" },
	{ "cells of a record set shown, out of those that a disclosure shows, all others as digests",
	  "出示记录集的部分单元格，均出自另一披露件所示，其余以摘要代替" },
	{ "cells of several record sets shown, out of those that a disclosure shows, all others as digests",
	  "出示若干记录集的部分单元格，均出自另一披露件所示，其余以摘要代替" },
	{ "cells of several record sets shown, all others as digests", "出示若干记录集的部分单元格，其余以摘要代替" },
	{ "rows read value by value", "逐值读取数据库的行" },
	{ "file that was handed over, kept byte for byte; its rows read out of it",
	  "所交文件逐字节保存，由其字节读取各行" },
	{ "handover", "移交" },
	{ "who handed the file over, when and on what was not stated", "未说明文件由谁、何时、以何种介质移交" },
	{ "a table without columns has no values", "该表没有列，无值可提取" },
	{ "rights of the account", "账号权限" },
	{ "it may write; an account that can only read is better evidence", "该账号可以写入；只读账号的证据效力更好" },
	{ "REPEATABLE READ, READ ONLY: %, log %, server's clock %", "可重复读、只读的事务：快照 %，日志位置 %，服务器时钟 %" },
	{ "REPEATABLE READ, READ ONLY, WITH CONSISTENT SNAPSHOT", "可重复读、只读、一致性快照的事务" },
	{ "one transaction, isolation %, rolled back at the end", "一个事务，隔离级别 %，结束时回滚" },
	{ "as long as the server counts: % columns of text or bytes; not checked: %",
	  "与服务器计得的长度一致：% 个文本或字节列；未核对：% 个" },
	{ "copy of the database's files", "复制数据库文件" },
	{ "read twice, the same both times", "读取两遍，两遍一致" },
	{ "copy of the files, read twice the same", "数据库文件的副本，读取两遍一致" },
	{ "ax-view/1 CSV of the records", "由记录生成的 CSV（ax-view/1）" },
	{ "ax-view/1 HTML of the first 10000 records", "由前 10000 条记录生成的 HTML（ax-view/1）" },
	{ "export from the ledger", "从账本导出" },
	{ "picture of the whole page, made by the browser", "浏览器生成的整页截图" },
	{ "text of each frame in the page as shown, read out by the browser", "浏览器读出的各框架显示文字" },
	{ "text of the page as shown, read out by the browser", "浏览器读出的页面显示文字" },
	{ "document tree of every frame with its shadow trees, written by the browser",
	  "浏览器写出的各框架文档树（含影子树）" },
	{ "page in one file, written by the browser; scripts are left out",
	  "浏览器写出的单文件网页，不含脚本" },
	{ "document tree of every frame with its shadow trees, written by the browser; secrets typed and values of password fields are replaced",
	  "浏览器写出的各框架文档树（含影子树）；键入的保密内容和密码框的值已替换" },
	{ "document tree of every frame with its shadow trees, written by the browser; secrets typed or given and values of password fields are replaced",
	  "浏览器写出的各框架文档树（含影子树）；键入或给定的保密内容和密码框的值已替换" },
	{ "video of what was shown, encoded while it was shown; the strip below is drawn by this software",
	  "显示内容的录像，边显示边编码；下方信息条由本软件绘制" },
	{ "frames of the video: time and address of each, written by this software", "录像各帧的时间和网址，由本软件写出" },
	{ "VP8 in WebM", "VP8 编码，WebM 格式" },
	{ "the page", "网页" },
	{ "the whole display", "整个屏幕" },
	{ "not recorded", "未录制" },
	{ "below the picture: UTC, UTC+8 and the address, drawn by this software",
	  "画面下方：世界时、东八区时间和网址，由本软件绘制" },
	{ "video", "录像" },
	{ "ended", "结束" },
	{ "rest of the video", "录像其余部分" },
	{ "longer than is kept", "超过保存上限" },
	{ "picture of what the window showed, made by the browser", "浏览器生成的窗口截图" },
	{ "page as printed by the browser", "浏览器打印的页面" },
	{ "written to while it was read: bytes may be of several moments",
	  "读取期间文件被写入，所得字节可能出自不同时刻" },

	/* clock and machine */
	{ "system clock", "系统时钟" },
	{ "kernel reports the clock synchronised; bound is its maximum error",
	  "内核报告时钟已同步；误差界为内核给出的最大误差" },
	{ "kernel does not report the clock synchronised; offset and bound unknown",
	  "内核未报告时钟已同步；偏差和误差界未知" },
	{ "none: connections are direct", "无，直接连接" },
	{ "new, empty, removed afterwards; no extensions", "新建的空目录，用后删除；无扩展" },
	{ "new, empty, could not be removed; no extensions", "新建的空目录，用后未能删除；无扩展" },
	{ "on", "启用" },
	{ "unknown", "未知" },
	{ "program", "主程序" },
	{ "library", "程序库" },

	/* steps */
	{ "start the browser", "启动浏览器" },
	{ "navigate", "打开网址" },
	{ "document received", "收到主文档" },
	{ "load", "加载" },
	{ "load event after % ms", "加载完成，用时 % 毫秒" },
	{ "no load event", "未出现加载完成事件" },
	{ "rest", "等待页面静止" },
	{ "connections to nearer addresses", "通向更近地址的连接" },
	{ "page from a % address; % connections, % failed: %", "网页来自 % 地址；建立连接 % 条，未建立 % 条：%" },
	{ "files of this machine that the page asked for", "网页请求本机文件" },
	{ "% not let through by the browser, first %", "浏览器拒绝 % 次，首次为 %" },
	{ "no traffic for % ms", "% 毫秒内没有网络收发" },
	{ "not at rest; loading stopped", "未静止，停止加载" },
	{ "client certificate of the operator", "操作人的客户端证书" },
	{ "client certificate", "客户端证书" },
	{ "shown to % when it asks; its key is not kept", "仅在 % 要求时出示；其私钥不保存" },
	{ "asked for and not sent: by another host, or for other issuers", "被要求而未出示：由其他主机要求，或要求其他颁发者的证书" },
	{ "new, with a client certificate, removed afterwards; no extensions", "新建的目录，含客户端证书，用后删除；无扩展" },
	{ "cookies of the operator", "操作人提供的登录状态（Cookie）" },
	{ "given to the browser: % of %; values are not kept", "已交给浏览器：% 项（共 % 项）；其值不保存" },
	{ "cookies of the session", "本次操作的登录状态（Cookie）" },
	{ "written to a file outside of the package: %, left out %", "已写入证据包之外的文件：% 项，未写入 % 项" },
	{ "step %: click % in the frame %", "第 % 步：点击 %（框架 %）" },
	{ "step %: type a secret into % in the frame %", "第 % 步：键入保密内容（不保存），位置 %（框架 %）" },
	{ "step %: type % into % in the frame %", "第 % 步：键入“%”，位置 %（框架 %）" },
	{ "step %: wait for % in the frame %", "第 % 步：等待 % 出现（框架 %）" },
	{ "step %: scroll to the end in the frame %", "第 % 步：滚动到页尾（框架 %）" },
	{ "step %: scroll to the top in the frame %", "第 % 步：滚动到页首（框架 %）" },
	{ "step %: scroll to % in the frame %", "第 % 步：滚动到 %（框架 %）" },
	{ "step %: scroll by rows in the frame %", "第 % 步：滚动若干行（框架 %）" },
	{ "step %: select % into % in the frame %", "第 % 步：选择“%”，位置 %（框架 %）" },
	{ "step %: upload % into % in the frame %", "第 % 步：上传文件 %，位置 %（框架 %）" },
	{ "step %: expect the text % in % in the frame %", "第 % 步：核对应有文字“%”，位置 %（框架 %）" },
	{ "step %: expect the text % in the frame %", "第 % 步：核对应有文字“%”（框架 %）" },
	{ "step %: go to %", "第 % 步：打开 %" },
	{ "step %: click %", "第 % 步：点击 %" },
	{ "step %: type a secret into %", "第 % 步：键入保密内容（不保存），位置 %" },
	{ "step %: type % into %", "第 % 步：键入“%”，位置 %" },
	{ "step %: press %", "第 % 步：按键 %" },
	{ "step %: wait for a navigation", "第 % 步：等待页面跳转" },
	{ "step %: wait for %", "第 % 步：等待 % 出现" },
	{ "step %: wait", "第 % 步：等待" },
	{ "step %: scroll to the end", "第 % 步：滚动到页尾" },
	{ "step %: scroll to the top", "第 % 步：滚动到页首" },
	{ "step %: scroll to %", "第 % 步：滚动到 %" },
	{ "step %: scroll by rows", "第 % 步：滚动若干行" },
	{ "step %: select % into %", "第 % 步：选择“%”，位置 %" },
	{ "step %: upload % into %", "第 % 步：上传文件 %，位置 %" },
	{ "step %: picture %", "第 % 步：截图“%”" },
	{ "step %: expect the text % in %", "第 % 步：核对应有文字“%”，位置 %" },
	{ "step %: expect the text %", "第 % 步：核对应有文字“%”" },
	{ "done in % ms; % bytes, SHA-256 %", "完成，用时 % 毫秒；% 字节，SHA-256 %" },
	{ "done in % ms; %", "完成，用时 % 毫秒；%" },
	{ "done in % ms", "完成，用时 % 毫秒" },
	{ "failed: %", "失败：%" },
	{ "steps % to %", "第 % 步至第 % 步" },
	{ "left out: a secret or the value of a password field stands in it", "未保存：其中含有保密内容或密码框的值" },
	{ "left out: secrets were typed, and its form is not known", "未保存：键入过保密内容，而其格式不明" },
	{ "operator: types % keys, not kept, into %", "操作人：键入 % 键（不保存），位置 %" },
	{ "operator: types % into %", "操作人：键入“%”，位置 %" },
	{ "operator: clicks % at %: %", "操作人：点击 %，坐标 %：%" },
	{ "operator: clicks % at %", "操作人：点击 %，坐标 %" },
	{ "operator: presses % in %", "操作人：按键 %，位置 %" },
	{ "operator: pastes, not kept, into %", "操作人：粘贴（不保存），位置 %" },
	{ "recorded", "已记录" },
	{ "page: %", "页面：%" },
	{ "shown; %", "已显示；%" },
	{ "no picture: there are as many as are kept", "未截图：已达保存上限" },
	{ "picture of the page", "页面截图" },
	{ "the browser could not make it", "浏览器未能生成" },
	{ "end of the session", "操作结束" },
	{ "the operator closed the window", "操作人关闭了窗口" },
	{ "by the operator", "由操作人结束" },
	{ "the time limit", "时间已到" },
	{ "begun", "开始" },
	{ "operator: an act, not kept: it holds a part of a secret", "操作人：一项操作（不保存：含有保密内容的一部分）" },
	{ "acts of the operator", "操作人的操作" },
	{ "not viewed; their bytes are in the archive", "未生成视图；其数据在存档中" },
	{ "time-stamp of the newest checkpoint", "最新检查点的时间戳" },
	{ "render", "生成页面视图" },
	{ "screenshot, text, DOM, MHTML, PDF", "截图、文字、文档树、单文件网页、PDF" },
	{ "end the browser", "结束浏览器" },
	{ "had to be killed", "未能自行退出，强制结束" },
	{ "no answer within % ms", "% 毫秒内没有应答" },

	/* what is missing, and why */
	{ "rest of the page", "页面其余部分" },
	{ "still loading when the time given for it ran out", "规定时间已到，仍在加载" },
	{ "stopped: the limit of bytes was reached", "已停止：达到字节上限" },
	{ "still active 10 s after the load event, or when the time given ran out",
	  "加载完成 10 秒后或规定时间到时仍有网络收发" },
	{ "still being received when loading was stopped", "停止加载时仍在接收" },
	{ "windows opened by the page", "页面打开的窗口" },
	{ "closed, not captured", "已关闭，未提取" },
	{ "no traffic and a still layout for 500 ms", "500 毫秒内无网络收发且布局未变" },
	{ "scroll", "滚动页面" },
	{ "scroll inside", "滚动页面内的区域" },
	{ "checks", "清洁性检查" },
	{ "those before the page were made with the first browser", "打开网页前的检查是用第一个浏览器做的" },
	{ "attempt", "尝试" },
	{ "the browser ended by itself; begun again with a new one", "浏览器自行结束，已用新的浏览器重新开始" },
	{ "the page crashed in the browser; begun again with a new one", "页面在浏览器中崩溃，已用新的浏览器重新开始" },
	{ "the page crashed in the browser", "页面在浏览器中崩溃" },
	{ "not done: switched off", "未进行：已关闭此项" },
	{ "not done: no time left", "未进行：时间已用完" },
	{ "% screens, to row %; % rows before, % after: end of the page",
	  "滚动 % 屏，至第 % 行；滚动前全高 % 行，滚动后 % 行；已到页面末尾" },
	{ "% screens, to row %; % rows before, % after: more rows than are scrolled",
	  "滚动 % 屏，至第 % 行；滚动前全高 % 行，滚动后 % 行；超过滚动上限" },
	{ "% screens, to row %; % rows before, % after: time ran out",
	  "滚动 % 屏，至第 % 行；滚动前全高 % 行，滚动后 % 行；时间已用完" },
	{ "% screens, to row %; % rows before, % after: the page did not scroll further",
	  "滚动 % 屏，至第 % 行；滚动前全高 % 行，滚动后 % 行；页面不再滚动" },
	{ "the page was scrolled down to row % and no further", "页面只滚动到第 % 行" },
	{ "an area inside of the page was scrolled down to row % and no further", "页面内的区域只滚动到第 % 行" },
	{ "an area that scrolls inside of the page shows only its beginning", "页面内可滚动的区域只显示开头部分" },
	{ "what is loaded when it is scrolled to", "滚动到才加载的内容" },
	{ "layout of the page", "页面布局" },
	{ "its scripts left no time to look at it", "页面脚本一直占用，无法查看" },
	{ "its size still changed", "大小仍在变化" },
	{ "fonts of the page", "页面字体" },
	{ "still being loaded", "仍在加载" },
	{ "inline images of the page", "页面内嵌图片" },
	{ "% still being decoded", "有 % 个仍在解码" },
	{ "frames and requests of the page", "页面的框架和请求" },
	{ "more than are followed", "超过跟踪上限" },
	{ "texts of frames beyond its limit are left out", "超过上限的框架文字未收入" },
	{ "expected at most % bytes, found more", "超过上限 % 字节" },
	{ "the browser's answer to % has more than % bytes", "浏览器对 % 的回答超过 % 字节" },
	{ "the browser gave no MHTML that can be read", "浏览器未给出可读取的 MHTML" },
	{ "download that the page made itself", "页面自行生成的下载" },
	{ "did not go over a connection, not captured", "未经网络传输，未提取" },
	{ "download, stopped at % bytes", "下载文件，接收 % 字节后停止" },
	{ "further downloads", "其余下载" },
	{ "% were refused, not captured", "有 % 个已拒绝，未提取" },
	{ "more than the limit of % bytes", "超过上限 % 字节" },
	{ "more that is missing", "其余缺少的内容" },
	{ "%, not named here", "% 项，未在此列出" },
	{ "views of the page", "页面视图" },
	{ "the address is a download; there is nothing to see", "该网址是下载文件，没有可显示的页面" },
	{ "network log", "网络日志" },
	{ "times of the network log, WARC-Date among them", "网络日志中的时间（包括 WARC-Date）" },
	{ "compared at its beginning and end: % ms behind the machine's clock", "在开始和结束时比对：比本机时钟慢 % 毫秒" },
	{ "compared at its beginning and end: % ms ahead of the machine's clock", "在开始和结束时比对：比本机时钟快 % 毫秒" },
	{ "cut off: the browser did not end it", "不完整：浏览器未正常结束日志" },
	{ "messages of the browser", "浏览器的消息" },
	{ "% messages could not be read", "有 % 条消息不能读取" },
	{ "bytes of connections", "连接的字节" },
	{ "more than are kept", "超过保存上限" },
	{ "% lines could not be read", "有 % 行不能读取" },
	{ "% bytes are not HTTP messages", "有 % 字节不是 HTTP 报文" },
	{ "% bytes of its messages were not kept", "其消息有 % 字节未保存" },
	{ "not all bytes of its messages could be read", "其消息的字节未能全部解析" },
	{ "cut off at % of % rows", "截至第 % 行，全高 % 行" },
	{ "still being received when the capture ended", "提取结束时仍在接收" },
	{ "cut off: the other side ended it", "不完整：对方终止了传输" },
	{ "cut off: the limit of bytes was reached", "不完整：已达字节上限" },
	{ "cut off, for a reason that is not known", "不完整，原因不明" },
	{ "answered, and the answer was not found on a connection", "已有应答，但在连接中未找到" },
	{ "the document that is shown was not found on a connection", "所显示的文档在连接中未找到" },
	{ "was written to while it was read; the bytes kept may be of several moments",
	  "读取期间文件被写入，所存字节可能出自不同时刻" },
	{ "changed while it was read; capture it again", "读取期间文件有变化，请重新提取" },
	{ "cannot be read: %", "不能读取：%" },
	{ "folders nested too deeply", "文件夹层数过多" },
	{ "symbolic link, not followed", "符号链接，未跟随" },
	{ "named pipe", "命名管道" },
	{ "socket", "套接字" },
	{ "device", "设备文件" },
	{ "neither file nor folder", "既不是文件也不是文件夹" },

	/* what the browser found about certificates */
	{ "ok", "通过" },
	{ "ok, by a root that was added on this machine", "通过，所依据的根证书是在本机另行添加的" },

	/* what the browser reports (Chromium's names of network errors); the name is kept */
	{ "net::ERR_NAME_NOT_RESOLVED", "域名不能解析（net::ERR_NAME_NOT_RESOLVED）" },
	{ "net::ERR_CONNECTION_REFUSED", "服务器拒绝连接（net::ERR_CONNECTION_REFUSED）" },
	{ "net::ERR_CONNECTION_TIMED_OUT", "连接超时（net::ERR_CONNECTION_TIMED_OUT）" },
	{ "net::ERR_CONNECTION_RESET", "连接被重置（net::ERR_CONNECTION_RESET）" },
	{ "net::ERR_CONNECTION_CLOSED", "连接被关闭（net::ERR_CONNECTION_CLOSED）" },
	{ "net::ERR_CONNECTION_FAILED", "不能建立连接（net::ERR_CONNECTION_FAILED）" },
	{ "net::ERR_ADDRESS_UNREACHABLE", "地址不可达（net::ERR_ADDRESS_UNREACHABLE）" },
	{ "net::ERR_INTERNET_DISCONNECTED", "本机网络未连接（net::ERR_INTERNET_DISCONNECTED）" },
	{ "net::ERR_EMPTY_RESPONSE", "服务器没有返回内容（net::ERR_EMPTY_RESPONSE）" },
	{ "net::ERR_TIMED_OUT", "超时（net::ERR_TIMED_OUT）" },
	{ "net::ERR_TOO_MANY_REDIRECTS", "跳转次数过多（net::ERR_TOO_MANY_REDIRECTS）" },
	{ "net::ERR_SSL_PROTOCOL_ERROR", "TLS 协议出错（net::ERR_SSL_PROTOCOL_ERROR）" },
	{ "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
	  "TLS 版本或加密套件不符（net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH）" },
	{ "net::ERR_CERT_DATE_INVALID", "证书不在有效期内（net::ERR_CERT_DATE_INVALID）" },
	{ "net::ERR_CERT_AUTHORITY_INVALID",
	  "证书不是由浏览器信任的机构签发（net::ERR_CERT_AUTHORITY_INVALID）" },
	{ "net::ERR_CERT_COMMON_NAME_INVALID", "证书与域名不符（net::ERR_CERT_COMMON_NAME_INVALID）" },
	{ "net::ERR_CERT_%", "证书未通过浏览器核对（net::ERR_CERT_%）" },
	{ "net::ERR_%", "浏览器报告网络错误（net::ERR_%）" },
};

#define MAX_FILLED 4 /* '%' of one sentence */

struct filled {
	struct axev__span parts[MAX_FILLED];
	size_t count;
};

/* A word, a number or a few: never a whole text of someone else's that happens to end alike. */
static bool is_filling(struct axev__span part)
{
	return part.size > 0 && part.size <= 200 && !memchr(part.data, '\n', part.size);
}

static bool matches(const char *pattern, struct axev__span text, struct filled *filled)
{
	filled->count = 0;
	for (;;) {
		size_t literal = strcspn(pattern, "%"), next;
		const uint8_t *found;

		if (text.size < literal || memcmp(text.data, pattern, literal) != 0)
			return false;
		text = axev__span(text.data + literal, text.size - literal);
		pattern += literal;
		if (*pattern == '\0')
			return text.size == 0;
		next = strcspn(++pattern, "%");
		found = next ? memmem(text.data, text.size, pattern, next) : text.data + text.size;
		if (!found || filled->count == MAX_FILLED)
			return false;
		filled->parts[filled->count] = axev__span(text.data, (size_t)(found - text.data));
		if (!is_filling(filled->parts[filled->count++]))
			return false;
		text = axev__span(found, text.size - (size_t)(found - text.data));
	}
}

static int fill(const char *pattern, const struct filled *filled, struct axev__buf *out, axev_error *err)
{
	size_t used = 0;

	for (; *pattern; pattern++) {
		if (*pattern == '%' && used < filled->count)
			TRY(axev__buf_span(out, filled->parts[used++], err));
		else
			TRY(axev__buf_byte(out, (uint8_t)*pattern, err));
	}
	return AXEV_OK;
}

int axev__form_own(const struct axev__form_build *build, struct axev__span text, struct axev__buf *out,
		   axev_error *err)
{
	static const struct axev__sentence *const others[] = { axev__subject_sentences, axev__clean_sentences,
							       axev__reach_sentences };
	struct filled filled;
	size_t table, i;

	for (i = 0; build->is_zh && i < AXEV__COUNT(sentences); i++)
		if (matches(sentences[i].en, text, &filled))
			return fill(sentences[i].zh, &filled, out, err);
	for (table = 0; build->is_zh && table < AXEV__COUNT(others); table++)
		for (i = 0; others[table][i].en; i++)
			if (matches(others[table][i].en, text, &filled))
				return fill(others[table][i].zh, &filled, out, err);
	return axev__buf_span(out, text, err);
}

const char *axev__form_key(const struct axev__form_build *build, const char *key)
{
	static const struct axev__word keys[] = {
		{ "address", { "地址", "address" } },
		{ "addresses", { "尝试的地址数", "addresses tried" } },
		{ "answered", { "有 HTTP 应答的地址数", "addresses with an HTTP answer" } },
		{ "connected", { "连通的地址数", "addresses connected" } },
		{ "handshakes", { "完成 TLS 握手的地址数", "addresses with a TLS handshake" } },
		{ "resolvers", { "查询的解析器数", "resolvers asked" } },
		{ "resolvers_answered", { "有应答的解析器数", "resolvers that answered" } },
		{ "reach", { "查明可达性", "what can be reached" } },
		{ "browser_user_agent", { "浏览器自身的 User-Agent", "user agent of the browser itself" } },
		{ "ca_file_sha256", { "附加根证书文件 SHA-256", "SHA-256 of an added root" } },
		{ "bom", { "文件带 UTF-8 标记", "begins with the signature of UTF-8" } },
		{ "codec", { "编码", "codec" } },
		{ "delimiter", { "分隔符", "delimiter" } },
		{ "device", { "设备", "device" } },
		{ "different", { "不一致", "different" } },
		{ "equal", { "一致", "equal" } },
		{ "icp_numbers", { "ICP 备案/许可标识数", "ICP numbers" } },
		{ "licence_marks", { "营业执照标识数", "licence marks" } },
		{ "not_found", { "页面上未找到", "not found on the page" } },
		{ "not_in_filing", { "备案记录中没有", "not in the filing" } },
		{ "searched", { "已查找", "looked for" } },
		{ "targets_opened", { "打开的链接目标数", "targets opened" } },
		{ "device_scale", { "每 CSS 像素的设备像素", "device pixels per CSS pixel" } },
		{ "dialogs_cancelled", { "取消的对话框数", "dialogs cancelled" } },
		{ "dropped_frames", { "丢弃帧数", "frames dropped" } },
		{ "duration_ms", { "时长（毫秒）", "duration (ms)" } },
		{ "encoding", { "编码", "encoding" } },
		{ "format", { "格式", "format" } },
		{ "frames", { "帧数", "frames" } },
		{ "asked_on", { "要求出示的连接数", "connections that asked" } },
		{ "gateway", { "网关", "gateway" } },
		{ "gateway_mac", { "网关 MAC", "gateway MAC" } },
		{ "host", { "主机", "host" } },
		{ "issuer", { "颁发者", "issuer" } },
		{ "height", { "高（像素）", "height (pixels)" } },
		{ "interface", { "网络接口", "interface" } },
		{ "lang", { "语言", "language" } },
		{ "mac", { "网卡 MAC", "MAC" } },
		{ "model", { "型号", "model" } },
		{ "max_bytes", { "字节上限", "limit of bytes" } },
		{ "name", { "名称", "name" } },
		{ "names", { "首行为列名", "first line is one of names" } },
		{ "of", { "内容", "of" } },
		{ "path", { "程序文件", "path" } },
		{ "product", { "产品", "product" } },
		{ "profile", { "配置目录", "profile" } },
		{ "quote", { "引号", "quote" } },
		{ "record_failure", { "打不开时也提取", "failures are captured" } },
		{ "repeated_frames", { "重复帧数", "frames repeated" } },
		{ "sandbox", { "沙箱", "sandbox" } },
		{ "scroll", { "滚动页面", "scrolled" } },
		{ "interactive", { "操作人在场操作", "a person at the browser" } },
		{ "session_ms", { "操作时限 (毫秒)", "session, at most (ms)" } },
		{ "secrets_typed", { "键入保密内容次数", "secrets typed" } },
		{ "sent_on", { "已出示的连接数", "connections it was sent on" } },
		{ "subject", { "证书主体", "subject" } },
		{ "serial", { "序列号", "serial number" } },
		{ "sha256", { "SHA-256", "SHA-256" } },
		{ "sound", { "声音", "sound" } },
		{ "started", { "开始时间", "started" } },
		{ "steps_sha256", { "操作步骤文件 SHA-256", "SHA-256 of the steps" } },
		{ "time_zone", { "页面所见时区", "time zone that the page saw" } },
		{ "time_zone_set", { "时区为指定", "time zone was chosen" } },
		{ "strip", { "信息条", "strip" } },
		{ "strip_rows", { "信息条高（像素）", "strip (pixels)" } },
		{ "timeout_ms", { "等待上限（毫秒）", "time limit (ms)" } },
		{ "user_agent_emulated", { "User-Agent 为模拟", "user agent is emulated" } },
		{ "user_id", { "运行用户号", "user id" } },
		{ "vendor", { "厂商", "vendor" } },
		{ "version", { "版本", "version" } },
		{ "width", { "宽（像素）", "width (pixels)" } },
	};

	return axev__form_word(build, keys, AXEV__COUNT(keys), key);
}
