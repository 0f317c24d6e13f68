/* SPDX-License-Identifier: Apache-2.0 */
/* What the cleanliness checks write into manifests; '%' as in form_phrases.c. */
#include "print/form.h"

const struct axev__sentence axev__clean_sentences[] = {
	/* methods */
	{ "read /etc/hosts", "读取 /etc/hosts" },
	{ "environment of this process; read /etc/environment and apt's configuration; the browser runs with --no-proxy-server",
	  "本进程环境变量；读取 /etc/environment 和 apt 配置；浏览器以 --no-proxy-server 运行" },
	{ "compare the system's certificate bundle with the distribution's list; list local certificates",
	  "系统证书集与发行版清单比对；列出本机自加证书" },
	{ "ask the system's and other resolvers for A and AAAA", "向系统解析服务器和其他解析服务器查询 A、AAAA 记录" },
	{ "read /proc/net/route and /proc/net/arp", "读取 /proc/net/route 和 /proc/net/arp" },
	{ "read /proc/net/route and /proc/net/ipv6_route; run traceroute or tracepath if installed",
	  "读取 /proc/net/route 和 /proc/net/ipv6_route；装有 traceroute 或 tracepath 时运行" },
	{ "SNTP (RFC 5905), not authenticated", "SNTP（RFC 5905），未经认证" },
	{ "read /proc of the browser's process", "读取浏览器进程的 /proc" },
	{ "list the directory before the browser starts", "浏览器启动前列出目录" },
	{ "command line of the browser's process; list browser policies", "浏览器进程的命令行；列出浏览器策略文件" },
	{ "read /proc: names of all processes", "读取 /proc：全部进程名称" },
	{ "fstatvfs and /proc/self/mountinfo", "fstatvfs 和 /proc/self/mountinfo" },
	{ "serve a page made for this capture over TLS to another browser of the same program and options; compare text, picture and data shown, and the bytes recorded",
	  "经 TLS 向以相同程序和选项另行启动的浏览器提供为本次提取临时制作的网页；比对所显示的文字、图片、数据和所记录的字节" },

	/* steps */
	{ "cleanliness checks before the page is opened", "打开网页前的清洁性检查" },
	{ "cleanliness checks, both rounds", "前后两轮清洁性检查" },
	{ "passed %, noted %, failed %, not reachable %", "通过 % 项，记录 % 项，失败 % 项，未能进行 % 项" },
	{ "passed %, noted %, failed %, not reachable %, not checked %",
	  "通过 % 项，记录 % 项，失败 % 项，未能进行 % 项，未检查 % 项" },

	/* results of all */
	{ "could not be made: %", "未能进行：%" },
	{ "changed during the capture; now: %", "提取期间有变化；现为：%" },
	{ "not checked: the capture was made without checks", "未检查：提取时指定不作检查" },

	/* hosts file, proxies, trust */
	{ "no names beyond this machine", "没有本机以外的名称" },
	{ "% names beyond this machine, not the captured host: %", "有 % 个本机以外的名称，不含所提取的主机：%" },
	{ "names the captured host: % has the address %", "含有所提取的主机：% 被指定为地址 %" },
	{ "no proxy is set", "未设置代理" },
	{ "set: %; the browser does not get them", "已设置：%；不传给浏览器" },
	{ "none of % in use; local files: %", "在用的 % 张中没有；本机自加文件 % 个" },
	{ "none of %", "% 张中没有" },
	{ "none of %; added to the browser: %", "% 张中没有；另加给浏览器：%" },
	{ "% of % on this machine, which the browser does not use: %; added to the browser: %",
	  "本机有 % 张（共 % 张），浏览器不使用：%；另加给浏览器：%" },
	{ "% of % on this machine, which the browser does not use: %",
	  "本机有 % 张（共 % 张），浏览器不使用：%" },

	/* resolvers and clock */
	{ "there is no name to look up", "网址中没有需要解析的域名" },
	{ "nothing to compare: % of the system's resolvers and % others answered",
	  "无从比对：系统解析服务器有 % 个应答，其他解析服务器有 % 个应答" },
	{ "no address by %, addresses by %", "% 称没有地址，% 给出地址" },
	{ "addresses differ, as is usual for sites with many servers: %", "地址不同（多服务器网站常有）：%" },
	{ "the same from %; no answer from %", "% 个解析服务器结果相同；未应答：%" },
	{ "the same from % resolvers", "% 个解析服务器结果相同" },
	{ "no answer from % time servers", "% 个授时服务器均未应答" },
	{ "% time servers answered and no majority agrees", "% 个授时服务器应答，没有多数一致" },
	{ "the clock is off by % ms (bound % ms), by % of %", "时钟偏差 % 毫秒（误差界 % 毫秒），依据 % 个（共 % 个）" },
	{ "offset % ms, bound % ms, by % of % time servers",
	  "偏差 % 毫秒，误差界 % 毫秒，依据 % 个（共 % 个）授时服务器" },
	{ "compared with % time servers that agree, over SNTP, which is not authenticated",
	  "与 % 个结果一致的授时服务器比对（SNTP，未经认证）" },

	/* network */
	{ "a tunnel (as of a VPN) is up: %", "有隧道接口（如 VPN）启用：%" },
	{ "no address but those of this machine itself", "除本机回环地址外没有地址" },
	{ "no IPv4 gateway", "没有 IPv4 网关" },
	{ "% on %, its MAC address is not known", "%，接口 %，MAC 地址未知" },
	{ "% on %, MAC %", "%，接口 %，MAC %" },
	{ "the address is on this machine", "该网址在本机" },
	{ "route table only: neither traceroute nor tracepath is installed",
	  "仅有路由表：未安装 traceroute 或 tracepath" },
	{ "% found no way to the site", "% 未能探测到网站的路由" },
	{ "% listed % hops; ended before it was done", "% 列出 % 跳；未完成即结束" },
	{ "% listed % hops", "% 列出 % 跳" },

	/* browser */
	{ "% runs and is the one whose SHA-256 stands in the manifest", "运行的是 %，其 SHA-256 见证据说明" },
	{ "another program runs than the one named and hashed: %, not %",
	  "运行的程序与所指定并计算校验值的不同：运行的是 %，不是 %" },
	{ "made for this capture; empty when the browser started", "为本次提取新建；浏览器启动时为空" },
	{ "made for this capture; it held which site gets the client certificate, and nothing else",
	  "为本次提取新建；仅存有客户端证书适用网站的设置" },
	{ "% files stood in the new profile", "新建的配置目录中有 % 个文件" },
	{ "new profile, --disable-extensions, no policies of this machine",
	  "新建配置目录，--disable-extensions，本机没有浏览器策略" },
	{ "the command line lets extensions in", "命令行允许加载扩展" },
	{ "policies of this machine steer the browser: %", "本机策略文件控制浏览器：%" },

	/* machine */
	{ "% processes, none of the names looked for", "% 个进程，没有所查的名称" },
	{ "process % traces this program", "进程 % 正在跟踪本程序" },
	{ "programs that change traffic are running: %", "有篡改网络数据的程序在运行：%" },
	{ "programs that steer, watch or debug a machine are running: %", "有远程控制、监听或调试程序在运行：%" },
	{ "% MiB free, % on %", "剩余 % MiB，文件系统 %，设备 %" },
	{ "no scanner installed (looked for clamscan)", "未安装杀毒软件（查找 clamscan）" },
	{ "engine and database: %; no scan was run", "引擎和病毒库：%；未作查杀" },
	{ "clamscan did not tell its version", "clamscan 未给出版本" },

	/* self-test */
	{ "not asked for: it belongs to the strict profile", "未要求：属于严格档次的检查" },
	{ "text, picture and data shown are those sent; % bytes of % connections are recorded as they were; a server for which nobody vouches was refused",
	  "所显示的文字、图片、数据与发送的一致；% 字节（% 个连接）的记录与收发的一致；无人担保的服务器被拒绝" },
	{ "the test's page did not come: %", "自检页未能取得：%" },
	{ "the text shown is not the one that was sent", "所显示的文字与发送的不符" },
	{ "the picture shown is not the one that was sent", "所显示的图片与发送的不符" },
	{ "the network log is not whole", "网络日志不完整" },
	{ "the browser trusts a server for which nobody vouches", "浏览器信任了无人担保的服务器" },
	{ "the browser did not try a server for which nobody vouches", "浏览器没有尝试访问无人担保的服务器" },
	{ "the browser went to % instead of the test's server", "浏览器访问的是 %，不是自检服务器" },
	{ "the server knows nothing of a connection recorded: connection %", "所记录的连接在服务器一方不存在：第 % 个连接" },
	{ "a connection to the server is not recorded: from port %", "服务器收到的连接没有被记录：来自端口 %" },
	{ "the certificate recorded is not the server's: connection %", "所记录的证书不是服务器的证书：第 % 个连接" },
	{ "the bytes recorded are not those sent by the server: connection %", "所记录的字节与服务器发送的不符：第 % 个连接" },
	{ "the bytes recorded are not those received by the server: connection %",
	  "所记录的字节与服务器收到的不符：第 % 个连接" },
	{ "the exchange recorded is not the one that was made: %", "所记录的请求和应答与实际的不符：%" },

	{ NULL, NULL },
};
