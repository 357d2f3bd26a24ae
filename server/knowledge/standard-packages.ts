// Written by scripts/generate-standard-packages.ts from the standard library of go1.26.8; not to be edited by hand.

/**
 * The public packages of the standard library, one a line, each followed by the public packages that it imports on linux, directly
 * or through packages that are not public. An exclamation mark behind a package says that it has files that import "C"; a star
 * behind an import, that only those files need it.
 */
export const STANDARD_PACKAGES = `
archive/tar bytes errors fmt io io/fs maps math os/user path path/filepath reflect runtime slices strconv strings sync sync/atomic syscall time unsafe
archive/zip bufio compress/flate encoding/binary errors fmt hash hash/crc32 io io/fs os path path/filepath runtime slices strings sync sync/atomic time unicode/utf8 unsafe
bufio bytes errors io strings unicode/utf8
bytes errors io iter math/bits unicode unicode/utf8 unsafe
cmp
compress/bzip2 bufio cmp io slices
compress/flate bufio errors fmt io math math/bits sort strconv sync
compress/gzip bufio compress/flate encoding/binary errors fmt hash/crc32 io time
compress/lzw bufio errors fmt io
compress/zlib bufio compress/flate encoding/binary errors fmt hash hash/adler32 io
container/heap sort
container/list
container/ring
context errors runtime sync sync/atomic time unsafe
crypto hash io strconv
crypto/aes bytes crypto crypto/cipher errors hash io math/bits runtime strconv strings sync sync/atomic unsafe
crypto/cipher bytes crypto/fips140 crypto/subtle errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/des bytes crypto/cipher crypto/fips140 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/dsa bytes crypto crypto/cipher crypto/fips140 errors hash io math math/big math/bits math/rand/v2 os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/ecdh bytes crypto crypto/cipher crypto/fips140 crypto/subtle errors hash io math math/bits math/rand/v2 os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/ecdsa bytes crypto crypto/cipher crypto/ecdh crypto/elliptic crypto/fips140 crypto/sha3 crypto/sha512 crypto/subtle encoding/asn1 errors fmt hash io math math/big math/bits math/rand/v2 os reflect runtime strconv strings sync sync/atomic syscall time unsafe weak
crypto/ed25519 bytes crypto crypto/cipher crypto/fips140 crypto/rand crypto/subtle errors hash io math math/bits math/rand/v2 os runtime strconv strings sync sync/atomic syscall time unsafe weak
crypto/elliptic bytes errors hash io math/big math/bits runtime strings sync sync/atomic unsafe
crypto/fips140 bytes errors hash io math/bits runtime strings sync sync/atomic unsafe
crypto/hkdf bytes crypto/fips140 crypto/sha3 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/hmac bytes crypto crypto/cipher crypto/fips140 crypto/sha3 crypto/subtle errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/hpke bytes crypto crypto/cipher crypto/ecdh crypto/fips140 crypto/hkdf crypto/mlkem crypto/sha256 crypto/sha3 crypto/sha512 crypto/subtle encoding/binary errors fmt hash io math math/bits math/rand/v2 os runtime slices strconv strings sync sync/atomic syscall time unsafe
crypto/md5 bytes crypto crypto/fips140 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/mlkem bytes crypto errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/mlkem/mlkemtest bytes crypto/fips140 crypto/mlkem errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/pbkdf2 bytes crypto/fips140 crypto/sha3 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/rand bytes crypto crypto/cipher crypto/fips140 errors hash io math math/big math/bits math/rand/v2 os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/rc4 bytes crypto/fips140 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/rsa bytes crypto crypto/cipher crypto/fips140 crypto/rand crypto/sha3 crypto/subtle errors fmt hash io math math/big math/bits math/rand/v2 os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/sha1 bytes crypto crypto/cipher crypto/fips140 errors hash io math math/bits os runtime strconv strings sync sync/atomic syscall time unsafe
crypto/sha256 bytes crypto crypto/cipher errors hash math/bits runtime strings sync sync/atomic unsafe
crypto/sha3 bytes crypto errors hash math/bits runtime strings sync sync/atomic unsafe
crypto/sha512 bytes crypto crypto/cipher errors hash math/bits runtime strings sync sync/atomic unsafe
crypto/subtle math/bits unsafe
crypto/tls bytes container/list context crypto crypto/aes crypto/cipher crypto/des crypto/ecdh crypto/ecdsa crypto/ed25519 crypto/elliptic crypto/fips140 crypto/hkdf crypto/hmac crypto/hpke crypto/md5 crypto/mlkem crypto/rand crypto/rc4 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 crypto/subtle crypto/x509 encoding/asn1 encoding/binary encoding/pem errors fmt hash io math math/big math/bits net os reflect runtime slices sort strconv strings sync sync/atomic syscall time unsafe weak
crypto/x509 bytes crypto crypto/aes crypto/cipher crypto/des crypto/dsa crypto/ecdh crypto/ecdsa crypto/ed25519 crypto/elliptic crypto/md5 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 crypto/x509/pkix encoding/asn1 encoding/hex encoding/pem errors fmt io io/fs iter maps math math/big math/bits net net/netip net/url os path/filepath reflect runtime slices strconv strings sync sync/atomic time unicode unicode/utf16 unicode/utf8 unsafe
crypto/x509/pkix encoding/asn1 encoding/hex fmt math/big time
database/sql bytes context database/sql/driver errors fmt io maps math/rand/v2 reflect runtime slices strconv sync sync/atomic time unicode unicode/utf8 unsafe
database/sql/driver context errors fmt reflect strconv time
debug/buildinfo bytes debug/dwarf debug/elf debug/macho debug/pe debug/plan9obj encoding/binary errors fmt io io/fs os runtime/debug strconv strings unsafe
debug/dwarf bytes encoding/binary errors fmt io path sort strconv strings
debug/elf bytes compress/zlib debug/dwarf encoding/binary errors fmt io math math/bits os strconv strings unsafe
debug/gosym bytes encoding/binary fmt sort strconv strings sync unsafe
debug/macho bytes compress/zlib debug/dwarf encoding/binary fmt io os strconv strings unsafe
debug/pe bytes compress/zlib debug/dwarf encoding/binary errors fmt io os strconv strings unsafe
debug/plan9obj encoding/binary errors fmt io os unsafe
embed errors io io/fs time unsafe
encoding
encoding/ascii85 io strconv
encoding/asn1 bytes errors fmt io math math/big reflect runtime slices strconv strings time unicode/utf16 unicode/utf8 unsafe
encoding/base32 io slices strconv
encoding/base64 io slices strconv
encoding/binary errors io math reflect slices sync
encoding/csv bufio bytes errors fmt io strings unicode unicode/utf8
encoding/gob bufio encoding encoding/binary errors fmt io maps math math/bits os reflect sync sync/atomic unicode unicode/utf8 unsafe
encoding/hex errors fmt io slices strings
encoding/json bytes cmp encoding encoding/base64 errors fmt io math reflect slices strconv strings sync unicode unicode/utf16 unicode/utf8 unsafe
encoding/pem bytes encoding/base64 errors io slices strings
encoding/xml bufio bytes encoding errors fmt io reflect runtime strconv strings sync unicode unicode/utf8
errors runtime unsafe
expvar encoding/json log math net/http os runtime slices strconv sync sync/atomic unicode/utf8 unsafe
flag encoding errors fmt io os reflect runtime slices strconv strings time
fmt cmp errors io math os reflect slices strconv sync unicode/utf8 unsafe
go/ast bytes cmp fmt go/scanner go/token io iter os reflect slices strconv strings unicode unicode/utf8
go/build bufio bytes errors fmt go/ast go/build/constraint go/doc go/parser go/scanner go/token io io/fs os os/exec path path/filepath reflect runtime slices strconv strings sync sync/atomic unicode unicode/utf8 unsafe
go/build/constraint errors strconv strings unicode unicode/utf8
go/constant fmt go/token math math/big math/bits strconv strings sync unicode/utf8
go/doc cmp fmt go/ast go/doc/comment go/token io os path regexp slices strconv strings sync unicode unicode/utf8
go/doc/comment bytes fmt slices sort strconv strings unicode unicode/utf8
go/format bytes fmt go/ast go/parser go/printer go/token io strings
go/importer bufio bytes crypto/sha256 debug/dwarf debug/elf encoding/binary errors fmt go/ast go/build go/constant go/parser go/token go/types io math/big os os/exec path/filepath runtime slices strconv strings sync sync/atomic text/scanner unicode/utf8 unsafe
go/parser bytes errors fmt go/ast go/build/constraint go/scanner go/token io io/fs os path/filepath strings
go/printer fmt go/ast go/build/constraint go/doc/comment go/token io math os slices strconv strings sync text/tabwriter unicode unicode/utf8
go/scanner bytes fmt go/token io path/filepath sort strconv unicode unicode/utf8
go/token cmp fmt iter slices strconv sync sync/atomic unicode unicode/utf8
go/types bytes cmp container/heap errors fmt go/ast go/constant go/parser go/token go/version io iter math os path/filepath runtime slices sort strconv strings sync sync/atomic unicode unicode/utf8 unsafe
go/version cmp strings
hash io
hash/adler32 errors hash
hash/crc32 errors hash sync sync/atomic unsafe
hash/crc64 errors hash sync
hash/fnv errors hash math/bits
hash/maphash hash unsafe
html strings sync unicode/utf8
html/template bytes encoding/json fmt html io io/fs maps os path path/filepath reflect regexp runtime slices strconv strings sync sync/atomic text/template text/template/parse unicode unicode/utf8 unsafe
image bufio errors image/color io math/bits strconv sync sync/atomic
image/color
image/color/palette image/color
image/draw image image/color
image/gif bufio bytes compress/lzw errors fmt image image/color image/color/palette image/draw io math/bits
image/jpeg bufio errors image image/color io
image/png bufio compress/zlib encoding/binary fmt hash hash/crc32 image image/color io strconv
index/suffixarray bytes encoding/binary errors io math regexp slices sort
io errors sync
io/fs errors io path slices time unicode/utf8 unsafe
io/ioutil io io/fs os slices strings
iter runtime unsafe
log fmt io os runtime sync sync/atomic time
log/slog bytes context encoding encoding/json errors fmt io log math reflect runtime slices strconv strings sync sync/atomic time unicode unicode/utf8 unsafe
log/syslog errors fmt log net os strings sync time
maps iter unsafe
math math/bits unsafe
math/big bytes errors fmt io math math/bits math/rand slices strconv strings sync unsafe
math/bits unsafe
math/cmplx math math/bits
math/rand math runtime sync sync/atomic unsafe
math/rand/v2 errors math math/bits unsafe
mime bufio bytes encoding/base64 errors fmt io maps os slices strings sync unicode unicode/utf8
mime/multipart bufio bytes crypto/rand errors fmt io maps math mime mime/quotedprintable net/textproto os path/filepath runtime slices strconv strings sync sync/atomic unsafe
mime/quotedprintable bufio bytes fmt io
net! cmp context errors io io/fs math/bits net/netip os runtime slices sync sync/atomic syscall time unsafe
net/http bufio bytes compress/flate compress/gzip container/list context crypto/rand crypto/tls encoding/base64 encoding/binary errors fmt io io/fs log maps math math/bits math/rand mime mime/multipart net net/http/httptrace net/netip net/textproto net/url os path path/filepath reflect runtime slices sort strconv strings sync sync/atomic time unicode unicode/utf8 unsafe
net/http/cgi bufio bytes container/list crypto/tls encoding/binary errors fmt io log maps math net net/http net/textproto net/url os os/exec path path/filepath regexp runtime slices sort strconv strings sync time unicode/utf8
net/http/cookiejar cmp errors fmt net net/http net/netip net/url slices strings sync time unicode unicode/utf8
net/http/fcgi bufio bytes context encoding/binary errors fmt io net net/http net/http/cgi os strings sync time
net/http/httptest bufio bytes container/list context crypto/tls crypto/x509 encoding/binary errors flag fmt io log math net net/http net/textproto os sort strconv strings sync time unicode/utf8
net/http/httptrace context crypto/tls net net/textproto reflect time
net/http/httputil bufio bytes container/list context encoding/binary errors fmt io log math mime net net/http net/http/httptrace net/textproto net/url runtime sort strings sync sync/atomic time unicode unicode/utf8 unsafe
net/http/pprof bufio bytes compress/gzip context errors fmt html io log net/http net/url os regexp runtime runtime/pprof runtime/trace slices sort strconv strings sync sync/atomic time unsafe
net/mail bufio errors fmt io log mime net net/textproto strings sync time unicode/utf8
net/netip cmp errors math math/bits strconv unique unsafe
net/rpc bufio encoding/gob errors fmt go/token html/template io log net net/http reflect slices strings sync
net/rpc/jsonrpc encoding/json errors fmt io net net/rpc sync
net/smtp crypto/hmac crypto/md5 crypto/tls encoding/base64 errors fmt io net net/textproto strings
net/textproto bufio bytes errors fmt io math net strconv strings sync unsafe
net/url bytes errors fmt net/netip path runtime slices strconv strings sync sync/atomic unsafe
os errors io io/fs math/bits runtime slices sync sync/atomic syscall time unsafe
os/exec bytes context errors io io/fs math/bits os path/filepath runtime strconv strings sync sync/atomic syscall time unsafe
os/signal context os slices sync syscall
os/user! fmt runtime strconv strings sync syscall* unsafe*
path errors unicode/utf8 unsafe
path/filepath errors io/fs os runtime slices strings syscall unicode/utf8 unsafe
plugin! errors sync* unsafe*
reflect errors iter math math/bits runtime strconv sync unicode unicode/utf8 unsafe
regexp bytes io regexp/syntax slices strconv strings sync unicode unicode/utf8
regexp/syntax slices sort strconv strings sync unicode unicode/utf8
runtime math/bits unsafe
runtime/cgo! sync* sync/atomic* unsafe*
runtime/coverage bufio bytes cmp encoding/binary encoding/json fmt hash hash/fnv io maps math os path/filepath regexp runtime slices sort strconv strings sync/atomic text/tabwriter time unsafe
runtime/debug errors fmt io math/bits os runtime slices strconv strings sync sync/atomic syscall time unsafe
runtime/metrics math runtime unsafe
runtime/pprof bufio bytes cmp compress/gzip context encoding/binary errors fmt io math os runtime slices sort strconv strings sync syscall text/tabwriter time unsafe
runtime/race
runtime/trace context errors fmt io runtime slices sync sync/atomic time unsafe
slices cmp iter math/bits unsafe
sort math/bits runtime slices unsafe
strconv errors math/bits unicode/utf8 unsafe
strings errors io iter math/bits sync unicode unicode/utf8 unsafe
structs
sync runtime sync/atomic unsafe
sync/atomic unsafe
syscall errors math/bits runtime slices sync sync/atomic unsafe
testing bufio bytes context errors flag fmt io math math/rand os path/filepath reflect runtime runtime/debug runtime/trace slices strconv strings sync sync/atomic time unicode unsafe
testing/cryptotest crypto/rand io math/rand/v2 sync testing unsafe
testing/fstest errors fmt io io/fs maps path slices strings testing/iotest time
testing/iotest bytes errors fmt io log
testing/quick flag fmt math math/rand reflect strings time
testing/slogtest context errors fmt log/slog reflect runtime testing time
testing/synctest testing unsafe
text/scanner bytes fmt io os unicode unicode/utf8
text/tabwriter fmt io unicode/utf8
text/template cmp errors fmt io io/fs maps net/url os path path/filepath reflect runtime slices strings sync text/template/parse unicode unicode/utf8
text/template/parse bytes fmt runtime strconv strings unicode unicode/utf8
time errors math/bits runtime sync sync/atomic syscall unsafe
time/tzdata errors syscall unsafe
unicode
unicode/utf16
unicode/utf8
unique runtime sync sync/atomic unsafe weak
unsafe
weak runtime unsafe
`;
