# Logs in and lists what there is: Rscript login.R
library(libcrux)

client <- login(Sys.getenv("CRUX_USER"), Sys.getenv("CRUX_PASSWORD"), service = "custom", base_url = Sys.getenv("CRUX_BASE"))
print(as.data.frame(crux_items(client, "things/")))
close(client)
