package crux

// marshal writes the body of [JSON].
func marshal(value any) ([]byte, error) {
	raw, err := strictJSON(value)
	if err != nil {
		return nil, &Error{
			Code: ErrArgument, Message: "The JSON body cannot be made: " + err.Error() + ".", causes: []error{err},
		}
	}
	return raw, nil
}
