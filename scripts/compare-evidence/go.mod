module compareevidence

go 1.21
