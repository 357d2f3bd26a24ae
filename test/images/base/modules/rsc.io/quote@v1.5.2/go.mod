module rsc.io/quote

go 1.19
