// Package crux logs in once to a token-authenticated REST API, and then calls it: tokens are renewed, safe calls
// retried, lists read page by page, jobs awaited, files moved up and down. Some services are built in;
// options describe any similar one. It stands on the C library libcrux.
//
//	client, err := crux.Login(ctx, "crunch", "ada@example.com", password)
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	response, err := client.Get(ctx, "datasets/all/", crux.Query("limit", "10"))
//
// Failures are an [*Error]; errors.Is knows the kinds, such as [ErrAuth] and [ErrHTTP], and the errors of the standard
// library where they fit. All that waits takes a context, and ends within 300 ms of it. Everything here is there since
// version 0.2, and may be used by many goroutines at once unless it says otherwise.
package crux
